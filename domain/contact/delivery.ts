import type { Instant } from '#domain/kernel/instant.ts'

/** The known delivery state of a message. The texts are in messages/ under `challenge.help`. */
export type DeliveryState = 'queued' | 'handed-over' | 'delivered' | 'failed'

interface Marks {
  readonly handedOverAt: Instant | null
  readonly deliveredAt: Instant | null
  readonly failedAt: Instant | null
}

/** A gateway's report that a message was delivered or failed outweighs the fact that the gateway accepted it. */
export function deliveryState({ handedOverAt, deliveredAt, failedAt }: Marks): DeliveryState {
  if (deliveredAt) return 'delivered'
  if (failedAt) return 'failed'
  return handedOverAt ? 'handed-over' : 'queued'
}
