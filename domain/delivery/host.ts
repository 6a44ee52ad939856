import { policy } from '#domain/challenge/policy.ts'
import type { Instant } from '#domain/kernel/instant.ts'

/** What the tries to reach a host have shown: a circuit breaker. It opens after {@link policy.silentTries} without an answer. */
export interface HostState {
  /** Tries in a row that the host left without an answer. */
  readonly silent: number
  readonly lastSilentAt: Instant
}

export const unknownHost: HostState = { silent: 0, lastSilentAt: 0 }

/** The state after a try. Any answer closes the breaker, a refusal included: the host is there. */
export function afterTry(state: HostState, answered: boolean, now: Instant): HostState {
  return answered ? unknownHost : { silent: state.silent + 1, lastSilentAt: now }
}

/**
 * How many more tries may start now, with `busy` of them under way and `slots` at most. A host that does not answer rests,
 * and then gets one try at a time. A clock that was set back does not make the rest longer.
 */
export function freeSlots({ silent, lastSilentAt }: HostState, busy: number, slots: number, now: Instant): number {
  if (silent < policy.silentTries) return Math.max(0, slots - busy)
  const rests = Math.abs(now - lastSilentAt) < policy.hostRest
  return rests || busy > 0 ? 0 : 1
}
