import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import type { ChallengeChange, ChallengeRow } from '#db/queries/challenges.ts'
import type { Challenge } from '#domain/challenge/machine.ts'
import { maskEmail, maskPhone } from '#domain/challenge/mask.ts'
import { policy } from '#domain/challenge/policy.ts'
import { type PaymentCode, queueMessage } from '../delivery/message.ts'
import { withReplaced } from '../earlier-codes.ts'
import { newCode } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { routesOf } from './routes.ts'

/**
 * Draws a code, keeps its keyed hash and queues the message with the code sealed inside: it stands in no column and no
 * log. It goes to the e-mail address and the mobile number in force, the same code to both, unless the cardholder chose one or
 * domain/contact/routes says less. Answers the columns to write with the state. Without a contact to send to nothing is queued,
 * and the answer is undefined.
 */
export async function sendCode(
  tx: Queryable,
  row: ChallengeRow,
  challenge: Challenge,
  now: number,
): Promise<ChallengeChange | undefined> {
  if (challenge.state !== 'asking') return undefined
  const { routes, owner } = await routesOf(tx, row, now)
  if (routes.kind !== 'to') return undefined

  const { cardholderId, language } = owner
  const chosen = routes.contacts.filter(({ channel }) => challenge.way === 'both' || challenge.way === channel)
  // What was chosen may not be allowed any more.
  const contacts = chosen.length > 0 ? chosen : routes.contacts
  const code = newCode(policy.codeDigits)
  const { keyId, tag } = await keys().mac('code', codeInput(row.acsTransID, code))
  const content: PaymentCode = {
    kind: 'payment-code',
    code,
    purchase: row.purchase,
    lastFour: await lastFourOf(tx, row.cardId),
    lifetime: challenge.codeExpiresAt - now,
  }
  const expiresAt = challenge.codeExpiresAt
  for (const { channel, to } of contacts) {
    await queueMessage(tx, { channel, to, language, content, cardholderId, acsTransID: row.acsTransID, expiresAt }, now)
  }
  const address = contacts.find(({ channel }) => channel === 'email')?.to
  const number = contacts.find(({ channel }) => channel === 'sms')?.to
  return {
    codeTag: tag,
    codeKeyId: keyId,
    earlierCodes: withReplaced(row),
    destination: address ? maskEmail(address) : null,
    destinationMobile: number ? maskPhone(number) : null,
  }
}

/** A code is bound to its challenge: the same digits elsewhere have another tag. */
export function codeInput(acsTransID: string, code: string): string {
  return `${acsTransID}\0${code}`
}
