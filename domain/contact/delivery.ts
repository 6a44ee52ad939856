import type { Instant } from '#domain/kernel/instant.ts'

/** The known delivery state of a message. The texts are in messages/ under `challenge.sent`. */
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

/** `delayed`: no gateway has accepted the message yet, which takes longer than usual. */
export type CodeDelivery = DeliveryState | 'delayed'

interface Tries {
  readonly tries: number
  /** Set during a try. */
  readonly leasedUntil: Instant | null
}

/**
 * The same for a code that a window waits for. It is delayed once a try has failed, or at `slowAt`, whatever comes first.
 */
export function codeDelivery(message: Marks & Tries, slowAt: Instant, now: Instant): CodeDelivery {
  const state = deliveryState(message)
  if (state !== 'queued') return state
  const { tries, leasedUntil } = message
  const failedTries = leasedUntil === null ? tries : tries - 1
  return failedTries > 0 || now >= slowAt ? 'delayed' : 'queued'
}
