import { describe, expect, test } from 'vitest'
import { codePolicy } from '#domain/code/policy.ts'
import fc from '#domain/testing/fast-check.ts'
import { type AttemptBudget, type AttemptFacts, judgeAttempt, maySend, mostInARow, pauseFor } from './attempts.ts'
import { accountPolicy, windowOf } from './policy.ts'

const { limits, wrongCodes, busyCodesFromNetwork, firstCodesToAddress } = accountPolicy
const hour = 60 * 60 * 1000
const start = Date.parse('2026-11-27T00:00:00Z')
const budgets: readonly AttemptBudget[] = ['unknown-browser', 'known-browser', 'session', 'established-session']

const nothing: Omit<AttemptFacts, 'budget'> = {
  inARow: { count: 0, lastAt: 0 },
  byOne: 0,
  fromNetwork: 0,
  ofDeployment: 0,
  hourEndsAt: start + hour,
}
const unknown: AttemptFacts = { ...nothing, budget: 'unknown-browser' }

const facts = fc.record({
  budget: fc.constantFrom(...budgets),
  inARow: fc.record({ count: fc.nat(150), lastAt: fc.integer({ min: start - 6 * hour, max: start }) }),
  byOne: fc.nat(2 * limits.wrongCodesByOne.most),
  fromNetwork: fc.nat(2 * limits.wrongCodesFromNetwork.most),
  ofDeployment: fc.nat(2 * limits.wrongCodes.most),
  hourEndsAt: fc.integer({ min: start + 1, max: start + hour }),
})

/** Enters wrong codes as fast as the rules permit, from as many networks as needed. Returns how many were permitted. */
function guesses(time: number, signsInEvery = Number.POSITIVE_INFINITY): number {
  let [count, lastAt, made, signedInAt] = [0, 0, 0, start]
  for (let now = start; now < start + time; ) {
    if (now >= signedInAt + signsInEvery) [count, signedInAt] = [0, now]
    const attempt = judgeAttempt({ ...unknown, inARow: { count, lastAt } }, now)
    if (attempt.kind === 'permitted') [count, lastAt, made] = [count + 1, now, made + 1]
    else
      now = Math.min(attempt.kind === 'limited' ? attempt.until : Number.POSITIVE_INFINITY, signedInAt + signsInEvery)
  }
  return made
}

describe('an attempt to enter a code', () => {
  test('is limited to 100 failures in a row for all browsers together, and for all sessions together (NIST SP 800-63B-4)', () => {
    expect(mostInARow('unknown-browser') + mostInARow('known-browser')).toBe(100)
    expect(mostInARow('session') + mostInARow('established-session')).toBe(100)
    expect(guesses(400 * 24 * hour)).toBe(mostInARow('unknown-browser'))
  })

  test.each(budgets)('from %s is stopped after the last permitted wrong code in a row, at any time', budget => {
    const inARow = { count: mostInARow(budget), lastAt: 0 }
    expect(judgeAttempt({ ...nothing, budget, inARow }, start)).toEqual({ kind: 'stopped' })
    const one = { count: mostInARow(budget) - 1, lastAt: 0 }
    expect(judgeAttempt({ ...nothing, budget, inARow: one }, start)).toEqual({ kind: 'permitted' })
  })

  test('waits longer after more wrong codes in a row, but not for as many as one network may enter within an hour', () => {
    fc.assert(fc.property(fc.nat(100), count => pauseFor(count) <= pauseFor(count + 1)))
    expect(pauseFor(limits.wrongCodesByOne.most)).toBe(0)
    expect(pauseFor(limits.wrongCodesByOne.most + 1)).toBeGreaterThan(0)
  })

  test('is not refused when the clock is slightly behind that of another process', () => {
    const ahead = { count: limits.wrongCodesByOne.most, lastAt: start + 500 }
    expect(judgeAttempt({ ...unknown, inARow: ahead }, start)).toEqual({ kind: 'permitted' })
  })

  test('from a known browser or in a session does not depend on any count that strangers can raise', () => {
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        fc.pre(one.budget !== 'unknown-browser')
        const { fromNetwork, ofDeployment } = other
        expect(judgeAttempt({ ...one, fromNetwork, ofDeployment }, start)).toEqual(judgeAttempt(one, start))
      }),
    )
  })

  test('that is the first for an account is permitted in any network in ordinary use, however many fail elsewhere', () => {
    fc.assert(
      fc.property(fc.nat(limits.wrongCodesFromNetwork.most - 1), fc.nat(1_000_000), (fromNetwork, ofDeployment) => {
        expect(judgeAttempt({ ...unknown, fromNetwork, ofDeployment }, start)).toEqual({ kind: 'permitted' })
      }),
    )
  })

  test('after a failure for the account waits for the end of the hour in a busy network, or while many fail everywhere', () => {
    const waits = { kind: 'limited', until: unknown.hourEndsAt }
    const failed = { ...unknown, byOne: 1 }
    expect(judgeAttempt({ ...failed, fromNetwork: wrongCodes.busyNetwork }, start)).toEqual(waits)
    expect(judgeAttempt({ ...failed, ofDeployment: limits.wrongCodes.most }, start)).toEqual(waits)
    expect(judgeAttempt(failed, start)).toEqual({ kind: 'permitted' })
    expect(judgeAttempt({ ...unknown, fromNetwork: limits.wrongCodesFromNetwork.most }, start)).toEqual(waits)
  })

  test('is permitted exactly at the given time, when the counts of the hour have been reset', () => {
    fc.assert(
      fc.property(facts, given => {
        const attempt = judgeAttempt(given, start)
        fc.pre(attempt.kind === 'limited')
        const { until } = attempt
        expect(until).toBeGreaterThan(start)
        const later = until >= given.hourEndsAt ? { ...given, byOne: 0, fromNetwork: 0, ofDeployment: 0 } : given
        expect(judgeAttempt(later, until)).toEqual({ kind: 'permitted' })
      }),
    )
  })

  test('is never permitted because of one more failure', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom('byOne', 'fromNetwork', 'ofDeployment'), (given, more) => {
        fc.pre(judgeAttempt(given, start).kind !== 'permitted')
        expect(judgeAttempt({ ...given, [more]: given[more] + 1 }, start).kind).not.toBe('permitted')
      }),
    )
  })

  test('gives strangers only the guesses a day that docs/limits.md states, even if the owner signs in every day', () => {
    expect(guesses(24 * hour)).toBe(50)
    expect(guesses(365 * 24 * hour, 24 * hour) / 365).toBe(50)
  })
})

describe('a requested code', () => {
  const first = { budget: 'unknown-browser', byOne: 1, toAddress: 1, ofEnrolments: 0, fromNetwork: 1 } as const
  const enrolling = { ...first, budget: 'enrolment', ofEnrolments: 1 } as const

  test('is sent to the 1st and the 31st customer of a carrier’s network, and for the first request after hundreds', () => {
    for (const one of [first, enrolling]) {
      for (const fromNetwork of [1, 31, busyCodesFromNetwork + 1, limits.codesFromNetwork.most])
        expect(maySend({ ...one, fromNetwork })).toBe(true)
      expect(maySend({ ...one, byOne: 2, fromNetwork: busyCodesFromNetwork + 1 })).toBe(false)
      expect(maySend({ ...one, fromNetwork: limits.codesFromNetwork.most + 1 })).toBe(false)
    }
  })

  test('is sent to a known browser and in a session after any number of codes from the network', () => {
    for (const budget of ['known-browser', 'session', 'established-session'] as const)
      expect(maySend({ ...first, budget, fromNetwork: 1_000_000 })).toBe(true)
  })

  test('is sent no more often than one requester, and the whole attempt budget, may request it', () => {
    for (const budget of [...budgets, 'enrolment'] as const) {
      expect(maySend({ ...first, budget, byOne: limits.codesByOne.most + 1 })).toBe(false)
      expect(maySend({ ...first, budget, byOne: 2, toAddress: limits.codesToAddress.most + 1 })).toBe(false)
    }
    expect(limits.codesByOne.most).toBeGreaterThanOrEqual(codePolicy.confirmation.sends)
  })

  test('is sent as the first from a network after others have used up the budget of unknown browsers, up to a limit', () => {
    for (const toAddress of [limits.codesToAddress.most + 1, firstCodesToAddress])
      expect(maySend({ ...first, toAddress })).toBe(true)
    expect(maySend({ ...first, toAddress: firstCodesToAddress + 1 })).toBe(false)
    for (const budget of ['known-browser', 'session', 'established-session', 'enrolment'] as const)
      expect(maySend({ ...first, budget, toAddress: limits.codesToAddress.most + 1 })).toBe(false)
  })

  test('is sent in enrolments of one cardholder no more often than permitted, for any address', () => {
    expect(maySend({ ...enrolling, ofEnrolments: limits.enrolmentSends.most })).toBe(true)
    expect(maySend({ ...enrolling, ofEnrolments: limits.enrolmentSends.most + 1 })).toBe(false)
  })
})

test('the window of an hour contains its instant, and that of a day begins at midnight in Japan', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(hour, 24 * hour), (now, window) => {
      const { beginsAt, endsAt } = windowOf(window, now)
      expect(beginsAt <= now && now < endsAt && endsAt - beginsAt === window).toBe(true)
      expect(new Date(windowOf(24 * hour, now).beginsAt).toISOString()).toMatch(/T15:00:00.000Z$/)
    }),
  )
})
