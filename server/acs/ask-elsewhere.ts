import type { Queryable } from '#db/client.ts'
import { lockStanding, openedSince } from '#db/queries/cards.ts'
import { type ChallengeRow, insertChallenge } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import { canAnswerElsewhere } from '#db/queries/decoupled.ts'
import type { Purchase } from '#db/schema.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { merchantNameForMessage } from '#domain/challenge/merchant-name.ts'
import { policy } from '#domain/challenge/policy.ts'
import { formatAmount, formatTime } from '#domain/challenge/purchase.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { type Barred, barredBy } from '#domain/risk/card-standing.ts'
import type { Decoupled } from '#domain/risk/signals.ts'
import { audit } from '../audit/audit.ts'
import type { newDecoupled } from '../authentication/new-challenge.ts'
import { smsOriginOf } from '../delivery/count-sms.ts'
import { type Notice, openContacts, queueMessage, SmsLimited } from '../delivery/message.ts'
import { sendsSms } from '../delivery/sends-sms.ts'
import { config } from '../platform/config.ts'
import { words } from '../words.ts'
import { paymentsPath } from './account-address.ts'

// The cardholder is told by message, and answers in the account: apart from the shop (decoupled), or while a window waits.

/**
 * Whether the requestor lets the cardholder be asked apart from the shop. Y does, and so does B in 2.3.1; F is about what
 * comes after a challenge, and 2.1.0 has nothing of the kind.
 */
export function decoupledIn(message: JsonObject, version: MessageVersion): Decoupled | undefined {
  if (version === '2.1.0' || !['Y', 'B'].includes(String(message.threeDSRequestorDecReqInd))) return undefined
  return { offered: config().issuer.decoupled, enoughTime: decoupledTime(message) >= policy.leastDecoupledTime }
}

/** threeDSRequestorDecMaxTime, which the table has checked, in milliseconds. */
export function decoupledTime({ threeDSRequestorDecMaxTime }: JsonObject): number {
  return Number(threeDSRequestorDecMaxTime) * 60_000
}

/** Whether a card's holder could answer in the account. */
export function canAnswer(tx: Queryable, cardId: string, now: number): Promise<boolean> {
  const { identityProvider } = config()
  const confirming = identityProvider ? { provider: identityProvider.issuer } : { sms: sendsSms() }
  return canAnswerElsewhere(tx, cardId, confirming, now)
}

/**
 * A requestor that asks by itself could wear a person down: such questions count as windows do. The card is locked until the
 * transaction ends, so that many at once are counted one by one.
 */
export async function barredFromAsking(tx: Queryable, cardId: string, now: number): Promise<Barred | undefined> {
  const barred = barredBy(await lockStanding(tx, cardId), now)
  if (barred) return barred
  const { windows } = await openedSince(tx, cardId, now - policy.floodTime)
  return windows >= policy.windowsPerCardPerHour ? 'locked' : undefined
}

/** Writes the challenge, and tells of it; throws `SmsLimited` where no message may be sent. */
export async function askElsewhere(
  tx: Queryable,
  challenge: ReturnType<typeof newDecoupled> & Pick<ChallengeRow, 'networkTag'>,
  now: number,
) {
  await insertChallenge(tx, challenge)
  const { cardId, acsTransID } = challenge
  await audit(tx, { type: 'challenge-begun', channel: 'account', cardId, ref: acsTransID })
  if (!(await leadToAccount(tx, challenge, challenge.deadlineAt, now))) throw new SmsLimited()
}

/** Queues the messages that lead to the account, on every contact in force. False: caps on text messages forbid them all. */
export async function leadToAccount(
  tx: Queryable,
  row: Pick<ChallengeRow, 'acsTransID' | 'cardId' | 'purchase' | 'requestorID' | 'networkTag' | 'directoryServer'>,
  until: number,
  now: number,
): Promise<boolean> {
  const { acsTransID, cardId, purchase } = row
  const { cardholderId, language } = await ownerOf(tx, cardId)
  const content = noticeOf(purchase, until, language)
  const about = { cardholderId, aboutId: acsTransID, expiresAt: until, smsOrigin: smsOriginOf(row) }
  const contacts = await openContacts(tx, cardholderId, now)
  let told = contacts.length === 0
  for (const { channel, to } of contacts) {
    if (await queueMessage(tx, { channel, to, language, content, ...about }, now)) told = true
  }
  return told
}

/** Longer than any price. An amount that a text message would cut is better not there at all. */
const longestAmount = 24

function noticeOf({ merchantName, amount, currency, exponent }: Purchase, until: number, language: Language): Notice {
  const merchant = merchantNameForMessage(merchantName) || words(language)('email.unnamedMerchant')
  const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, language) : ''
  const values = { merchant, until: formatTime(until, language) }
  const notice = { kind: 'notice', path: paymentsPath(language) } as const
  return price && price.length <= longestAmount
    ? { ...notice, words: 'payment-waiting', values: { ...values, amount: price } }
    : { ...notice, words: 'confirmation-waiting', values }
}

/** What the shop shows (EMV 3DS cardholderInfo, which D requires): where to go, and until when. */
export function askedInfo(language: Language, until: number): string {
  return [...words(language)('cardholderInfo.asked', { at: formatTime(until, language) })].slice(0, 128).join('')
}
