import type { IdentityEvent } from '#domain/account/identity-event.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { contactPolicy } from './policy.ts'

// What a "this was not me" report does to a cardholder's contacts, and what resolves it. A report only removes
// recipients. The passage of time never restores one, because the rules compare stored times with each other and never
// with the current time.

/** What a report is about. */
export type ReportAbout =
  | 'change'
  | 'sign-in'
  | 'payment'
  /** The database was restored: what happened since the backup is known only from the log. */
  | 'restore'
  | IdentityEvent

/** `was-me`: it was the cardholder after all; `dealt-with`: it was not, and the case has been dealt with. */
export type Resolution = 'was-me' | 'dealt-with'

/** A change of a contact at the time of a report: either requested or confirmed. */
export interface ReportedChange {
  readonly id: string
  readonly requestedAt: Instant
  /** When it is or was effective from; undefined while its code is awaited. */
  readonly effectiveAt: Instant | undefined
}

/** Whether something added at `addedAt` is in dispute after a report at `reportedAt`. */
export function isDisputed(addedAt: Instant, reportedAt: Instant): boolean {
  return addedAt >= reportedAt - contactPolicy.reportLookBack
}

/**
 * The changes that a report ends, regardless of which notice it came from: all pending ones, the effective ones that
 * were requested within the look-back, and the one that it names, however old.
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
 * The time from which a report disputes everything. `happenedAt`: when the reported event happened; `added`: when
 * contacts, passkeys and devices were added. A later report may move it further back, never forward.
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

/** Whether a proof is trusted while a report is open: only if it is older than everything in dispute. */
export function provesDespiteReport(proofSince: Instant | undefined, since: Instant | undefined): boolean {
  return since === undefined || (proofSince !== undefined && proofSince < since)
}
