import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import type { ChallengeChange, ChallengeRow } from '#db/queries/challenges.ts'
import { destinationsOf } from '#db/queries/contacts.ts'
import type { Challenge } from '#domain/challenge/machine.ts'
import { maskEmail } from '#domain/challenge/mask.ts'
import { policy } from '#domain/challenge/policy.ts'
import { openContacts, type PaymentCode, queueMessage } from '../delivery/message.ts'
import { newCode } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'

/**
 * Draws a code, keeps its keyed hash and queues the message with the code sealed inside: it stands in no column and no
 * log. Answers the columns to write with the state. Without an address in force nothing is queued,
 * and the answer is undefined.
 */
export async function sendCode(
  tx: Queryable,
  row: ChallengeRow,
  challenge: Challenge,
  now: number,
): Promise<ChallengeChange | undefined> {
  if (challenge.state !== 'asking') return undefined
  const { cardholderId, language } = await destinationsOf(tx, row.cardId, now)
  const contacts = (await openContacts(tx, cardholderId, now)).filter(({ channel }) => channel === 'email')
  const [contact] = contacts
  if (!contact) return undefined

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
  return { codeTag: tag, codeKeyId: keyId, destination: maskEmail(contact.to), method: '05' }
}

/** A code is bound to its challenge: the same digits elsewhere have another tag. */
export function codeInput(acsTransID: string, code: string): string {
  return `${acsTransID}\0${code}`
}
