import type { Outcome } from '#domain/emv/outcome.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import { policy } from './policy.ts'
import type { Challenge, Effect, Ended, InWindow, Notice, Open, Step } from './states.ts'

// What a step of the machine (machine.ts) can be.

type WithoutPage<State> = State extends InWindow ? Omit<State, 'deadlineAt' | 'notice'> : never

export function stay(challenge: Challenge): Step {
  return { challenge, effects: [] }
}

/** The next page, which waits anew. */
export function page(
  challenge: WithoutPage<InWindow>,
  notice: Notice | undefined,
  now: Instant,
  effects: readonly Effect[] = [],
): Step {
  return { challenge: { ...challenge, notice, deadlineAt: pageDeadline(challenge, now) }, effects }
}

/** A page waits for ten minutes, but no window for ever. */
export function pageDeadline({ openedAt }: Pick<Open, 'openedAt'>, now: Instant): Instant {
  return Math.min(now + policy.pageTime, openedAt + policy.windowTime)
}

/** The end. `first`: what happens before the result is fixed, which reads it; `answered`: by which method, where that was out of band. */
export function end(
  challenge: Exclude<Challenge, Ended>,
  outcome: Outcome,
  first: readonly Effect[] = [],
  answered?: MethodId,
): Step {
  const { language, attempts, sends, interactions } = challenge
  const method = answered ?? (challenge.state === 'awaiting-approval' ? challenge.outOfBand.at(-1) : undefined)
  return {
    challenge: { state: 'ended', outcome, language, attempts, sends, interactions },
    effects: [...first, { kind: 'report-result', ...(method && { method }) }],
  }
}
