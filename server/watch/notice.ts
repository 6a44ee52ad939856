import type { Queryable } from '#db/client.ts'
import { cardholderById } from '#db/queries/accounts.ts'
import { paymentOf } from '#db/queries/alerts.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime } from '#domain/kernel/time.ts'
import type { Authentication } from '#domain/risk/history/event.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import type { WatchNotice } from '#domain/watch/rules.ts'
import { formerContactsOf } from '../account/former-contacts.ts'
import { noticeIdentity } from '../account/identity-notice.ts'
import { config } from '../platform/config.ts'
import { countTry } from '../platform/limits.ts'
import { words } from '../platform/words.ts'
import { isAttacked } from './attack.ts'

export interface Unusual {
  readonly notice: WatchNotice
  readonly alertId: string
  readonly holder: { readonly cardholderId: string; readonly lastFour: string }
  readonly payment: Authentication | undefined
  readonly authenticationId: string | undefined
}

/**
 * Notifies a cardholder of what the watch has found, on every contact, and on those that ended lately. The notice is the
 * watch's own, and not part of the answer to an AReq (EMV 3DS Req 318, 319): it leaves only after that answer must have
 * left, whatever the clocks of the processes.
 */
export async function noticeUnusual(
  tx: Queryable,
  { notice, alertId, holder, payment, authenticationId }: Unusual,
  at: number,
): Promise<void> {
  const { cardholderId, lastFour } = holder
  const owner = await cardholderById(tx, cardholderId)
  if (!owner || (await countTry('watchNotices', cardholderId, tx)).kind === 'limited') return
  const { language } = owner
  const values = {
    lastFour,
    at: formatTime(payment?.at ?? at, language),
    ...(await purchaseOf(tx, authenticationId, language)),
  }
  const known = await formerContactsOf(tx, cardholderId, at - watchPolicy.formerContacts)
  const costsNothing = await isAttacked(tx, payment?.network, at)
  const contacts = costsNothing ? known.filter(({ channel }) => channel === 'email') : known
  const sendAt = Math.max(at, (payment?.at ?? at) + config().areqTime + watchPolicy.noticeDelay)
  await noticeIdentity(tx, { cardholderId, language }, notice, values, at, contacts, {
    alertId,
    sendAt,
    isCapped: true,
  })
}

async function purchaseOf(tx: Queryable, authenticationId: string | undefined, language: Language) {
  const areq = authenticationId === undefined ? undefined : (await paymentOf(tx, authenticationId))?.areq
  const text = (name: string) => (typeof areq?.[name] === 'string' ? String(areq[name]) : '')
  const [amount, currency, exponent] = [text('purchaseAmount'), text('purchaseCurrency'), text('purchaseExponent')]
  return {
    merchant: text('merchantName') || words(language)('email.unnamedMerchant'),
    amount: amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : '',
  }
}
