import type { Queryable } from '#db/client.ts'
import { cardholderById } from '#db/queries/accounts.ts'
import { areqOf } from '#db/queries/alerts.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import type { WatchNotice } from '#domain/watch/rules.ts'
import { formerContactsOf } from '../account/former-contacts.ts'
import { noticeIdentity } from '../account/identity-notice.ts'
import { config } from '../platform/config.ts'
import { countTry } from '../platform/limits.ts'
import { words } from '../platform/words.ts'

/** A notice that is to be made, as the outbox keeps it: no personal data. */
export interface Unusual {
  readonly notice: WatchNotice
  readonly alertId: string
  readonly cardholderId: string
  readonly lastFour: string
  /** When the AReq of the payment arrived, or the event happened. */
  readonly happenedAt: number
  readonly authenticationId?: string
}

/**
 * Notifies a cardholder of what the watch has found, on every contact, and on those that ended lately. The notice is the
 * watch's own, and not part of the answer to an AReq (EMV 3DS Req 318, 319): it leaves only after that answer must have
 * left, whatever the clocks of the processes.
 */
export async function noticeUnusual(
  tx: Queryable,
  { notice, alertId, cardholderId, lastFour, happenedAt, authenticationId }: Unusual,
  at: number,
): Promise<void> {
  const owner = await cardholderById(tx, cardholderId)
  if (!owner || (await countTry('watchNotices', cardholderId, tx)).kind === 'limited') return
  const { language } = owner
  const values = {
    lastFour,
    at: formatTime(happenedAt, language),
    ...(await purchaseOf(tx, authenticationId, language)),
  }
  const contacts = await formerContactsOf(tx, cardholderId, at - watchPolicy.formerContacts)
  const sendAt = Math.max(at, happenedAt + config().areqTime + watchPolicy.noticeDelay)
  await noticeIdentity(tx, { cardholderId, language }, notice, values, at, contacts, {
    alertId,
    sendAt,
    isCapped: true,
  })
}

async function purchaseOf(tx: Queryable, authenticationId: string | undefined, language: Language) {
  const areq = authenticationId === undefined ? undefined : await areqOf(tx, authenticationId)
  const text = (name: string) => (typeof areq?.[name] === 'string' ? String(areq[name]) : '')
  const [amount, currency, exponent] = [text('purchaseAmount'), text('purchaseCurrency'), text('purchaseExponent')]
  return {
    merchant: text('merchantName') || words(language)('email.unnamedMerchant'),
    amount: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : 'none',
  }
}
