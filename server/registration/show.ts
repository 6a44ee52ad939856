import { database } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { deliveryOf } from '#db/queries/outbox.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { type DeliveryState, deliveryState } from '#domain/contact/delivery.ts'
import { config } from '../platform/config.ts'
import { factsEntry } from './facts-limits.ts'
import { draftOf, underwayIn } from './underway.ts'

/** What the window shows of a registration. */
export type RegistrationShown =
  /** `triesLeft`: how often facts may still be entered today. */
  | { readonly step: 'facts'; readonly triesLeft: number }
  | {
      readonly step: 'contact'
      /** What was typed before. */
      readonly typed: string
      /** The highest amount that the contact may authenticate before it is confirmed, minor units. */
      readonly upTo: bigint
      /** When the mobile number that was registered before becomes effective. */
      readonly mobileFrom: number | undefined
    }
  | {
      readonly step: 'code'
      readonly contact: ContactKind
      readonly masked: string
      readonly delivery: DeliveryState
      readonly expiresAt: number
      readonly attemptsLeft: number
    }

export async function shownRegistration(
  row: ChallengeRow,
  cardholderId: string,
  at: number,
): Promise<RegistrationShown | undefined> {
  const underway = await underwayIn(database(), row.id, at)
  if (!underway) return undefined
  const { step, proof, change, mobileFrom } = underway
  if (step === 'facts') {
    const entry = await factsEntry(database(), cardholderId, row, at)
    return { step, triesLeft: entry.kind === 'permitted' ? entry.left : 0 }
  }
  if (change) {
    const message = await deliveryOf(database(), { aboutId: change.id })
    return {
      step: 'code',
      contact: change.kind,
      masked: change.masked,
      delivery: message ? deliveryState(message) : 'handed-over',
      expiresAt: change.codeExpiresAt,
      attemptsLeft: Math.max(0, codePolicy['contact-change'].attempts - change.attempts),
    }
  }
  const upTo = config().issuer.registration?.upTo[row.purchase.currency ?? ''] ?? 0n
  return { step: 'contact', typed: await draftOf(proof), upTo, mobileFrom }
}
