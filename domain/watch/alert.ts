import type { Instant } from '#domain/kernel/instant.ts'

/** An alert: sent to the issuer, acknowledged by a signed call-back, closed by an operator. */
export interface AlertTimes {
  /** When the web-hook or the mail server first accepted it. */
  readonly sentAt: Instant | null
  readonly acknowledgedAt: Instant | null
  readonly closedAt: Instant | null
}

export type AlertState = 'waiting' | 'sent' | 'acknowledged' | 'closed'

export function stateOf({ sentAt, acknowledgedAt, closedAt }: AlertTimes): AlertState {
  if (closedAt !== null) return 'closed'
  if (acknowledgedAt !== null) return 'acknowledged'
  return sentAt === null ? 'waiting' : 'sent'
}
