import type { Queryable } from '#db/client.ts'
import { lockStanding } from '#db/queries/cards.ts'
import { type ChallengeRow, insertChallenge } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import { canApproveDecoupled } from '#db/queries/decoupled.ts'
import type { Purchase } from '#db/schema.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { type Invalid, invalidity } from '#domain/risk/card-standing.ts'
import type { Decoupled } from '#domain/risk/signals.ts'
import { audit } from '../audit/audit.ts'
import { paymentsPath } from '../challenge/account-address.ts'
import { type CardLimits, type ClientOf, countSend, limitsOf } from '../challenge/card-limits.ts'
import { smsOriginOf } from '../messaging/count-sms.ts'
import { decryptEffectiveContacts, type Notice, queueMessage, SmsLimited } from '../messaging/message.ts'
import { sendsSms } from '../messaging/sends-sms.ts'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'
import type { newDecoupled } from './new-challenge.ts'

// Approval in the account, to which a message asks the cardholder to go: decoupled, or out of band while a window
// waits.

/**
 * Whether the requestor permits decoupled authentication: by Y, or by B in 2.3.1. F concerns what follows a challenge,
 * and 2.1.0 does not have the element.
 */
export function decoupledIn(message: JsonObject, version: MessageVersion): Decoupled | undefined {
  if (version === '2.1.0' || !['Y', 'B'].includes(String(message.threeDSRequestorDecReqInd))) return undefined
  return { offered: config().issuer.decoupled, enoughTime: decoupledTime(message) >= policy.minDecoupledTime }
}

/** threeDSRequestorDecMaxTime in milliseconds. The AReq's table has already checked it. */
export function decoupledTime({ threeDSRequestorDecMaxTime }: JsonObject): number {
  return Number(threeDSRequestorDecMaxTime) * 60_000
}

/** Whether a card's holder is able to approve payments in the account. */
export function canApproveInAccount(tx: Queryable, cardId: string, now: number): Promise<boolean> {
  const { identityProvider } = config()
  const confirming = identityProvider ? { provider: identityProvider.issuer } : { sms: sendsSms() }
  return canApproveDecoupled(tx, cardId, confirming, now)
}

/**
 * Limits requests for approval as the messages of windows are limited, because a requestor that sends requests by itself
 * could wear a cardholder down. Locks the card until the transaction ends, so that concurrent requests are counted one
 * by one.
 */
export async function permitDecoupled(
  tx: Queryable,
  client: ClientOf,
  now: number,
): Promise<{ readonly barred: Invalid | 'locked' } | { readonly barred?: undefined; readonly limits: CardLimits }> {
  const standing = await lockStanding(tx, client.cardId)
  const invalid = invalidity(standing, now)
  if (invalid) return { barred: invalid }
  const limits = await limitsOf(tx, client, standing.codesUnlockedAt, now)
  return limits.sending.kind === 'flooded' ? { barred: 'locked' } : { limits }
}

/** Saves the challenge and notifies the cardholder. Throws `SmsLimited` if no message may be sent. */
export async function startDecoupled(
  tx: Queryable,
  challenge: ReturnType<typeof newDecoupled> & Pick<ChallengeRow, 'networkHmac'>,
  limits: CardLimits,
  now: number,
) {
  await insertChallenge(tx, challenge)
  const { cardId, id } = challenge
  await audit(tx, { type: 'challenge-begun', channel: 'account', methods: ['account'], cardId, ref: id })
  await countSend(tx, limits)
  if (!(await notifyToApprove(tx, challenge, challenge.deadlineAt, now))) throw new SmsLimited()
}

/**
 * Queues messages to every effective contact that ask the cardholder to answer in the account. Returns false if caps on
 * text messages forbid all of them.
 */
export async function notifyToApprove(
  tx: Queryable,
  row: Pick<ChallengeRow, 'id' | 'cardId' | 'purchase' | 'requestorID' | 'networkHmac' | 'directoryServer'>,
  until: number,
  now: number,
): Promise<boolean> {
  const { id, cardId, purchase } = row
  const { cardholderId, language } = await ownerOf(tx, cardId)
  const content = noticeOf(purchase, until, language)
  const about = { cardholderId, aboutId: id, expiresAt: until, smsOrigin: smsOriginOf(row) }
  const contacts = await decryptEffectiveContacts(tx, cardholderId, now)
  let told = contacts.length === 0
  for (const { channel, to } of contacts) {
    if (await queueMessage(tx, { channel, to, language, content, ...about }, now)) told = true
  }
  return told
}

/** In characters; longer than any price. A text message would cut a longer amount off, so it is left out. */
const longestAmount = 24

function noticeOf({ merchantName, amount, currency, exponent }: Purchase, until: number, language: Language): Notice {
  const merchant = shownMerchantName(merchantName) || words(language)('email.unnamedMerchant')
  const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : ''
  const values = { merchant, until: formatTime(until, language) }
  const notice = { kind: 'notice', path: paymentsPath(language) } as const
  return price && price.length <= longestAmount
    ? { ...notice, words: 'payment-waiting', values: { ...values, amount: price } }
    : { ...notice, words: 'confirmation-waiting', values }
}

/** What the merchant shows (EMV 3DS cardholderInfo, required with D): where to answer, and until when. */
export function decoupledInfo(language: Language, until: number): string {
  return [...words(language)('cardholderInfo.asked', { at: formatTime(until, language) })].slice(0, 128).join('')
}
