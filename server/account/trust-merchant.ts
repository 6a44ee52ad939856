import type { Queryable } from '#db/client.ts'
import { insertTrustedMerchant } from '#db/queries/trusted-merchants.ts'
import type { MerchantIdentity } from '#db/schema.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { audit } from '../audit/audit.ts'
import { newId } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { words } from '../platform/words.ts'
import { noticeIdentity } from './identity-notice.ts'

/**
 * Trusts a merchant from now on, and notifies every contact on file. The caller has checked the strong authentication.
 */
export async function trustMerchant(
  tx: Queryable,
  { cardholderId, language }: { readonly cardholderId: string; readonly language: Language },
  merchant: MerchantIdentity,
  merchantName: string,
  at: number,
): Promise<void> {
  const row = { id: newId(at), cardholderId, ...merchant, merchantName, trustedAt: at }
  if (!(await insertTrustedMerchant(tx, row))) return
  await audit(tx, { type: 'merchant-trusted', cardholderId, ref: row.id })
  log.info('merchant.trusted', { cardholderId })
  const name = shownMerchantName(merchantName) || words(language)('email.unnamedMerchant')
  const told = { at: formatTime(at, language), merchant: name }
  await noticeIdentity(tx, { cardholderId, language }, 'merchant-trusted', told, at)
}
