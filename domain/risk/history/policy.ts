import type { Instant } from '#domain/kernel/instant.ts'
import { day, type StoredKind } from './rows.ts'

/** How long rows are kept that do not change, and events that no worker folds, milliseconds. */
export const historyKeptFor = 90 * day

/**
 * Until when a row is kept that changes now: that of a card as long as payments, others shorter. Rounded up to a whole
 * day in UTC.
 */
export function rowKeptUntil(kind: StoredKind, now: Instant, paymentsKeptFor: number): Instant {
  const until = now + (kind === 'card' ? paymentsKeptFor : historyKeptFor)
  return Math.ceil(until / day) * day
}
