import { policy } from '#domain/challenge/policy.ts'
import type { Instant } from '#domain/kernel/instant.ts'

/** State of the circuit breaker of a host. The breaker opens after {@link policy.breakerThreshold} tries without a reply. */
export interface HostState {
  /** Tries in a row to which the host did not reply. */
  readonly silent: number
  readonly lastSilentAt: Instant
}

export const unknownHost: HostState = { silent: 0, lastSilentAt: 0 }

/** The state after a try. Any reply closes the breaker, even a refusal, because it shows that the host is up. */
export function afterTry(state: HostState, answered: boolean, now: Instant): HostState {
  return answered ? unknownHost : { silent: state.silent + 1, lastSilentAt: now }
}

/** Whether the breaker is closed. Where it is, a host without a free slot is busy, and not down. */
export function isResponsive({ silent }: HostState): boolean {
  return silent < policy.breakerThreshold
}

/**
 * How many more tries may start now, when `busy` are under way and at most `slots` are permitted. A host that does not
 * reply gets no tries during its rest, and then one at a time. A clock that was set back does not lengthen the rest.
 */
export function freeSlots(state: HostState, busy: number, slots: number, now: Instant): number {
  if (isResponsive(state)) return Math.max(0, slots - busy)
  const { lastSilentAt } = state
  const rests = Math.abs(now - lastSilentAt) < policy.breakerPause
  return rests || busy > 0 ? 0 : 1
}
