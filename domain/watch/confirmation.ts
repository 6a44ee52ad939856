import type { Instant } from '#domain/kernel/instant.ts'
import type { CardStatus } from '#domain/risk/card-standing.ts'
import { watchPolicy } from './policy.ts'

/** A payment that was refused as unusual, and what has become of it. */
export interface Refusal {
  /** `authentications.decision`. */
  readonly decision: string
  readonly cardStatus: CardStatus
  readonly raisedAt: Instant
  readonly confirmedAt: Instant | null
}

/**
 * Whether "this was me" helps. A stolen or closed card stays refused, and a payment that was refused for want of a passkey
 * or approval device would be again. Merchants do not keep a cart for longer than a day.
 */
export function isConfirmable(
  { decision, cardStatus, raisedAt, confirmedAt }: Refusal,
  now: Instant,
): 'confirmable' | 'confirmed' | 'over' | 'card-unusable' | 'device-needed' {
  if (cardStatus !== 'active') return 'card-unusable'
  if (confirmedAt !== null) return now < confirmedAt + watchPolicy.confirmedFor ? 'confirmed' : 'over'
  if (decision !== 'suspected') return 'device-needed'
  return now < raisedAt + watchPolicy.confirmableFor ? 'confirmable' : 'over'
}
