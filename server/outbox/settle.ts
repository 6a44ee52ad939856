import { database, type Queryable, transaction } from '#db/client.ts'
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
  await saveAttempt(row, attempt)
  return attempt.answered
}

/** Saves the result of an attempt in its row. */
export async function saveAttempt(row: OutboxRow, attempt: Attempt): Promise<void> {
  const { together, afterwards } = attempt
  if (together) await transaction(tx => together(tx, () => save(tx, row, attempt)))
  else await save(database(), row, attempt)
  await afterwards?.()
}

function save(tx: Queryable, row: OutboxRow, attempt: Attempt): Promise<boolean> {
  switch (attempt.kind) {
    case 'handed-over': {
      const { gateway = null, gatewayRef = null } = attempt
      return markHandedOver(tx, row, now(), { gateway, gatewayRef })
    }
    case 'later':
      return markForLater(tx, row, attempt.nextAt, attempt.body)
    case 'given-up':
      return markFailed(tx, row, now())
  }
}
