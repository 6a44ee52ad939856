import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { type Attempt, attempt, type CodeState, type Compared, issue, resend, statusOf } from './one-time-code.ts'
import type { TypedCodePolicy } from './policy.ts'

const anyPolicy: fc.Arbitrary<TypedCodePolicy> = fc.record({
  lifetime: fc.integer({ min: 1, max: 1000 }),
  attempts: fc.integer({ min: 1, max: 6 }),
  sends: fc.integer({ min: 1, max: 6 }),
  resendAfter: fc.integer({ min: 0, max: 100 }),
})

type Event = { readonly kind: 'resend' } | { readonly kind: 'enter'; readonly compared: Compared['kind'] }
const anyStory = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 300 }),
    event: fc.oneof<fc.Arbitrary<Event>[]>(
      fc.record({ kind: fc.constant('resend' as const) }),
      fc.record({ kind: fc.constant('enter' as const), compared: fc.constantFrom('match', 'earlier', 'other') }),
    ),
  }),
  { maxLength: 60 },
)
type Story = typeof anyStory extends fc.Arbitrary<infer Value> ? Value : never

interface Moment {
  readonly at: number
  readonly before: CodeState
  readonly after: CodeState
  readonly sent: boolean
  readonly attempt: Attempt | undefined
}

/**
 * Plays a story as a use case does. Each earlier code entered is the oldest one not yet entered, or a repeated one if
 * all were entered.
 */
function play(policy: TypedCodePolicy, story: Story, latest?: number): Moment[] {
  let state = issue(policy, 0, latest)
  let at = 0
  let entered = 0
  return story.map(({ after, event }) => {
    at += after
    const before = state
    if (event.kind === 'resend') {
      const resent = resend(before, policy, at, latest)
      if (resent.kind === 'send') state = resent.state
      return { at, before, after: state, sent: resent.kind === 'send', attempt: undefined }
    }
    const first = entered < before.sends - 1
    const isEarlier = event.compared === 'earlier' && before.sends > 1
    const compared: Compared = isEarlier
      ? { kind: 'earlier', first, earlier: [] }
      : { kind: event.compared === 'match' ? 'match' : 'other' }
    state = { ...before, attempts: before.attempts + 1 }
    const result = attempt(state, compared, policy, at)
    if (result.kind === 'code-earlier') {
      state = { ...state, attempts: result.change.attempts }
      if (result.free) entered += 1
    }
    return { at, before, after: state, sent: false, attempt: result }
  })
}

/** Asserts a property for every policy and every story. */
function holds(property: (policy: TypedCodePolicy, moments: readonly Moment[], latest: number) => void) {
  fc.assert(
    fc.property(anyPolicy, anyStory, fc.integer({ min: 1, max: 5000 }), (policy, story, latest) =>
      property(policy, play(policy, story, latest), latest),
    ),
  )
}

describe('a one-time code', () => {
  test('is accepted only if it is the newest one, in time and within the attempts', () => {
    fc.assert(
      fc.property(anyPolicy, fc.nat(8), fc.nat(2000), fc.nat(2000), (policy, attempts, expiresAt, now) => {
        for (const kind of ['match', 'other'] as const) {
          const isAccepted = attempt({ attempts, expiresAt }, { kind }, policy, now).kind === 'accepted'
          expect(isAccepted).toBe(kind === 'match' && attempts <= policy.attempts && now < expiresAt)
        }
      }),
    )
  })

  test('uses at most the attempts of its policy over all codes sent, not counting those given back', () => {
    holds((policy, moments) => {
      const spent = moments.filter(
        ({ attempt }) => attempt && attempt.kind !== 'accepted' && !(attempt.kind === 'code-earlier' && attempt.free),
      )
      const answered = spent.filter(({ before }) => before.attempts < policy.attempts)
      expect(answered.length).toBeLessThanOrEqual(policy.attempts)
    })
  })

  test('gives back at most one attempt for each code that a newer one has replaced', () => {
    holds((policy, moments) => {
      const free = moments.filter(({ attempt }) => attempt?.kind === 'code-earlier' && attempt.free)
      expect(free.length).toBeLessThan(policy.sends)
    })
  })

  test('accepts no code once the attempts are used up, even after another is sent', () => {
    holds((policy, moments) => {
      const index = moments.findIndex(({ after }) => after.attempts > policy.attempts)
      const later = index < 0 ? [] : moments.slice(index)
      for (const { attempt } of later) expect(attempt?.kind ?? 'attempts-spent').toBe('attempts-spent')
    })
  })

  test('is sent at most as often as its policy permits, and never sooner than its pause', () => {
    holds((policy, moments) => {
      const sentAt = [0, ...moments.filter(({ sent }) => sent).map(({ at }) => at)]
      expect(sentAt.length).toBeLessThanOrEqual(policy.sends)
      sentAt.slice(1).forEach((at, index) => {
        expect(at - (sentAt[index] ?? 0)).toBeGreaterThanOrEqual(policy.resendAfter)
      })
    })
  })

  test('never outlives its lifetime or the given latest time', () => {
    holds((policy, moments, latest) => {
      for (const { after } of moments) {
        expect(after.expiresAt).toBeLessThanOrEqual(Math.min(after.sentAt + policy.lifetime, latest))
      }
    })
  })

  test('reports the true number of attempts left', () => {
    holds((policy, moments) => {
      for (const { attempt, after } of moments) {
        if (attempt && 'attemptsLeft' in attempt) {
          expect(attempt.attemptsLeft).toBe(policy.attempts - after.attempts)
          expect(attempt.attemptsLeft).toBeGreaterThan(0)
        }
      }
    })
  })

  test('has a status that predicts whether the right code is accepted', () => {
    holds((policy, moments) => {
      for (const { before, at } of moments) {
        const counted = { ...before, attempts: before.attempts + 1 }
        const isAccepted = attempt(counted, { kind: 'match' }, policy, at).kind === 'accepted'
        expect(statusOf(before, policy, at) === 'active').toBe(isAccepted)
      }
    })
  })
})

describe('a resend', () => {
  const policy = { lifetime: 600, attempts: 5, sends: 2, resendAfter: 30 }

  test('is refused when it is too soon, with the time from which it is possible', () => {
    expect(resend(issue(policy, 100), policy, 129)).toEqual({ kind: 'resend-too-soon', until: 130 })
    expect(resend(issue(policy, 100), policy, 130).kind).toBe('send')
  })

  test('is refused permanently after the last send, even when it is also too soon', () => {
    expect(resend({ ...issue(policy, 100), sends: 2 }, policy, 101)).toEqual({ kind: 'resends-spent' })
  })

  test('does not wait when no code is pending', () => {
    expect(resend({ attempts: 1, sends: 1, sentAt: undefined }, policy, 100)).toEqual({
      kind: 'send',
      state: { attempts: 1, sends: 2, sentAt: 100, expiresAt: 700 },
    })
  })
})

describe('an earlier code', () => {
  const policy = { lifetime: 600, attempts: 2, sends: 5, resendAfter: 30 }
  const earlier = [{ keyId: 1, hmac: 'hmac', entered: true as const }]
  const entered = (attempts: number, first: boolean, now = 1) =>
    attempt({ attempts, expiresAt: 600 }, { kind: 'earlier', first, earlier }, policy, now)

  test('gives its attempt back the first time, even the last attempt, and is recorded as entered', () => {
    expect(entered(2, true)).toEqual({ kind: 'code-earlier', free: true, change: { attempts: 1, earlier } })
  })

  test('uses an attempt from the second time on', () => {
    expect(entered(1, false)).toEqual({ kind: 'code-earlier', free: false, change: { attempts: 1, earlier } })
    expect(entered(2, false)).toEqual({ kind: 'attempts-spent' })
  })

  test('is answered as expired when the newest code has expired', () => {
    expect(entered(1, true, 600)).toEqual({ kind: 'code-expired' })
  })
})
