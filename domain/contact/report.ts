import type { IdentityEvent } from '#domain/account/identity-event.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { contactPolicy } from './policy.ts'

// What "this was not me" does to a cardholder's contacts, and what resolves it. It only takes recipients away; time alone
// gives none back, for every rule compares stored moments with each other, and none with today.

/** What a report is about. */
export type ReportAbout =
  | 'change'
  | 'sign-in'
  | 'payment'
  /** The database was restored: what happened since the backup is known from the log alone. */
  | 'restore'
  | IdentityEvent

/** It was the cardholder after all, or it was not and has been dealt with. */
export type Resolution = 'was-me' | 'dealt-with'

/** A change of a contact as a report finds it: one that was asked for, or confirmed. */
export interface ReportedChange {
  readonly id: string
  readonly requestedAt: Instant
  /** From when on it is effective; undefined while its code is waited for. */
  readonly effectiveAt: Instant | undefined
}

/** Whether something that was added at a time is in dispute once a report is made. */
export function isDisputed(addedAt: Instant, reportedAt: Instant): boolean {
  return addedAt >= reportedAt - contactPolicy.reportLookBack
}

/**
 * The changes that a report ends, whichever notice it came from: all that pend, those that are effective and were asked for
 * within the look-back, and the one that it names, whenever that was.
 */
export function endedByReport<Reported extends ReportedChange>(
  changes: readonly Reported[],
  reportedAt: Instant,
  named?: string,
): Reported[] {
  return changes.filter(
    ({ id, requestedAt, effectiveAt }) =>
      effectiveAt === undefined || effectiveAt > reportedAt || isDisputed(requestedAt, reportedAt) || id === named,
  )
}

/**
 * The oldest moment that a report puts in dispute. `happenedAt`: of what is reported; `added`: when contacts, passkeys and
 * devices were added. A later report may take it further back, never forward.
 */
export function disputedSince(
  reportedAt: Instant,
  happenedAt: Instant,
  added: readonly Instant[],
  earlier: Instant = Number.POSITIVE_INFINITY,
): Instant {
  const disputed = added.filter(addedAt => isDisputed(addedAt, reportedAt))
  return Math.min(reportedAt, happenedAt, earlier, ...disputed)
}

/** Whether something that was shown proves anything while a report is open: only what is older than all that is disputed. */
export function provesDespiteReport(proofSince: Instant | undefined, since: Instant | undefined): boolean {
  return since === undefined || (proofSince !== undefined && proofSince < since)
}
