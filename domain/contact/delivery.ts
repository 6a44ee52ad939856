import type { Instant } from '#domain/kernel/instant.ts'

/** What is known of a message on its way. Words are in messages/ under `challenge.help`. */
export type DeliveryState = 'queued' | 'handed-over' | 'delivered' | 'failed'

interface Marks {
  readonly handedOverAt: Instant | null
  readonly deliveredAt: Instant | null
  readonly failedAt: Instant | null
}

/** A gateway's word that a message arrived, or did not, counts more than that it was taken. */
export function deliveryState({ handedOverAt, deliveredAt, failedAt }: Marks): DeliveryState {
  if (deliveredAt) return 'delivered'
  if (failedAt) return 'failed'
  return handedOverAt ? 'handed-over' : 'queued'
}
