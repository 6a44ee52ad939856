import { markFailed, markForLater, markHandedOver, type OutboxRow } from '#db/queries/outbox.ts'
import { now } from '../platform/clock.ts'
import type { Attempt, Handler } from './handler.ts'
import type { Hosts } from './hosts.ts'

/** Added to the longest time that a try may take, for what we do before and after it. Milliseconds. */
const margin = 5000

/** For how long a row is leased: longer than a try may take, so that no two senders have the same row. */
export function leaseOf(handler: Handler): number {
  return handler.longestTry() + margin
}

/** One try of a leased row. Answers whether the host answered; undefined when it was not asked. */
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
