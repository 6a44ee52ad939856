import { markFailed, markForLater, markHandedOver, type OutboxRow } from '#db/queries/outbox.ts'
import { now } from '../platform/clock.ts'
import type { Attempt, Handler } from './handler.ts'
import type { Hosts } from './hosts.ts'

/** Added to the longest time of an attempt for our own work before and after it, in milliseconds. */
const margin = 5000

/**
 * How long a row is leased, in milliseconds: longer than an attempt may take, so that no two senders have the same row.
 */
export function leaseOf(handler: Handler): number {
  return handler.longestTry() + margin
}

/** Makes one attempt for a leased row. Returns whether the host responded; undefined if no request was made. */
export async function tryRow(handler: Handler, row: OutboxRow, hosts: Hosts): Promise<boolean | undefined> {
  const attempt = await handler.attempt(row, hosts)
  await save(row, attempt)
  await attempt.afterwards?.()
  return attempt.answered
}

function save(row: OutboxRow, attempt: Attempt): Promise<void> {
  switch (attempt.kind) {
    case 'handed-over': {
      const { gateway = null, gatewayRef = null } = attempt
      return markHandedOver(row, now(), { gateway, gatewayRef })
    }
    case 'later':
      return markForLater(row, attempt.nextAt)
    case 'given-up':
      return markFailed(row, now())
  }
}
