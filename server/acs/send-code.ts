import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import type { ChallengeChange, ChallengeRow } from '#db/queries/challenges.ts'
import { emailInForce } from '#db/queries/contacts.ts'
import { enqueue } from '#db/queries/outbox.ts'
import type { Challenge } from '#domain/challenge/machine.ts'
import { maskEmail } from '#domain/challenge/mask.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { CodeEmail } from '../delivery/email.ts'
import { newCode, newId } from '../platform/crypto.ts'
import { contactContext, keys } from '../platform/keys.ts'

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
  const destination = await emailInForce(tx, row.cardId, now)
  if (!destination) return undefined
  const { cardholderId, language } = destination
  const to = await keys().open('contact', destination.value, contactContext(cardholderId, 'email'))

  const code = newCode(policy.codeDigits)
  const { keyId, tag } = await keys().mac('code', codeInput(row.acsTransID, code))
  const id = newId()
  const email: CodeEmail = {
    to,
    language,
    code,
    purchase: row.purchase,
    lastFour: await lastFourOf(tx, row.cardId),
    lifetime: challenge.codeExpiresAt - now,
  }
  await enqueue(tx, {
    id,
    kind: 'email',
    acsTransID: row.acsTransID,
    body: await keys().seal('outbox', JSON.stringify(email), id),
    nextAt: new Date(now),
    expiresAt: new Date(challenge.codeExpiresAt),
    createdAt: new Date(now),
  })
  return { codeTag: tag, codeKeyId: keyId, destination: maskEmail(to), method: '05' }
}

/** A code is bound to its challenge: the same digits elsewhere have another tag. */
export function codeInput(acsTransID: string, code: string): string {
  return `${acsTransID}\0${code}`
}
