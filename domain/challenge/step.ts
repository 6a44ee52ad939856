import type { Outcome } from '#domain/emv/outcome.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import { policy } from './policy.ts'
import type { AwaitingAssertion, Challenge, Effect, Ended, InWindow, Notice, Open, Step } from './states.ts'

// The kinds of step that the state machine (machine.ts) can take.

type WithoutPage<State> = State extends InWindow ? Omit<State, 'deadlineAt' | 'notice'> : never

export function stay(challenge: Challenge): Step {
  return { challenge, effects: [] }
}

/** Shows the next page, with a new deadline. */
export function page(
  challenge: WithoutPage<InWindow>,
  notice: Notice | undefined,
  now: Instant,
  effects: readonly Effect[] = [],
): Step {
  return { challenge: { ...challenge, notice, deadlineAt: pageDeadline(challenge, now) }, effects }
}

/** A page waits ten minutes, but never past the maximum lifetime of its window. */
export function pageDeadline({ openedAt }: Pick<Open, 'openedAt'>, now: Instant): Instant {
  return Math.min(now + policy.pageTime, openedAt + policy.windowTime)
}

/**
 * Ends a challenge. `first`: effects that must happen before the result is fixed, because the result depends on them.
 * `answered`: the out-of-band method that was answered, if one was.
 */
export function end(
  challenge: Exclude<Challenge, Ended>,
  outcome: Outcome,
  first: readonly Effect[] = [],
  answered?: MethodId,
): Step {
  const method = answered ?? (challenge.state === 'awaiting-approval' ? challenge.outOfBand.at(-1) : undefined)
  return {
    challenge: ended(challenge, outcome),
    effects: [...first, { kind: 'report-result', ...(method && { method }) }],
  }
}

/** Ends a challenge whose result is reported by the ARes of another AReq. */
export function close(challenge: AwaitingAssertion, outcome: Outcome, first: readonly Effect[] = []): Step {
  return { challenge: ended(challenge, outcome), effects: [...first, { kind: 'close' }] }
}

function ended({ language, onDevice, attempts, sends, interactions }: Challenge, outcome: Outcome): Ended {
  return { state: 'ended', outcome, language, onDevice, attempts, sends, interactions }
}
