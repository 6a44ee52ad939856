import { describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { crockfordCode } from '#domain/code/crockford-code.ts'
import fc from '#domain/testing/fast-check.ts'
import { areEnough, type Fact, type FactsLimit, judgeFacts, readFacts } from './facts.ts'

const now = Date.UTC(2026, 10, 22, 6, 15, 0)
const day = 24 * 60 * 60_000
const typed = { first: '1138', year: '1988', month: '11', day: '3' }

describe('facts as people type them', () => {
  test.each([
    ['four digits', '1138', 'debit-account', '1138'],
    ['full-width digits with a blank', ' １１ ３８ ', 'debit-account', '1138'],
  ])('reads %s as those of the account', (_what, first, kind, value) => {
    expect(readFacts({ ...typed, first })).toEqual({
      kind: 'facts',
      facts: { first: { kind, value }, dateOfBirth: '1988-11-03' },
    })
  })

  test('reads every activation code, and never as the digits of an account', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(31), { minLength: 10, maxLength: 10 }), characters => {
        const code = crockfordCode(characters)
        if (code === undefined) return
        for (const first of [code, `${code.slice(0, 5)}-${code.slice(5)}`, code.toLowerCase()])
          expect(readFacts({ ...typed, first })).toMatchObject({
            facts: { first: { kind: 'activation-code', value: code } },
          })
      }),
    )
  })

  test.each([
    ['nothing', { first: ' ' }, 'facts-missing'],
    ['no month', { month: '' }, 'facts-missing'],
    ['three digits', { first: '113' }, 'fact-malformed'],
    ['letters', { first: 'abcd' }, 'fact-malformed'],
    ['29 February of a common year', { year: '1999', month: '2', day: '29' }, 'birth-malformed'],
    ['a year of two digits', { year: '88' }, 'birth-malformed'],
    ['a sign', { day: '-3' }, 'birth-malformed'],
  ])('refuses %s without comparing it', (_what, change, kind) => {
    expect(readFacts({ ...typed, ...change })).toEqual({ kind })
  })

  test('never throws, whatever is typed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 })
    fc.assert(
      fc.property(text, text, text, text, (first, year, month, date) => {
        expect(readFacts({ first, year, month, day: date })).toHaveProperty('kind')
      }),
    )
  })
})

test('asks for a birthday only beside another fact', () => {
  const all: Fact[] = ['activation-code', 'debit-account', 'date-of-birth']
  fc.assert(
    fc.property(fc.subarray(all), held => {
      expect(areEnough(new Set(held))).toBe(held.includes('date-of-birth') && held.length > 1)
    }),
  )
})

describe('tries', () => {
  const limits: FactsLimit[] = ['factsOfCardholder', 'factsFromNetwork', 'factsAtMerchant', 'factsOfDeployment']

  test('are permitted while no limit is reached, and say how many are left', () => {
    expect(judgeFacts({ wrongEver: 0, counted: [] }, now)).toEqual({ kind: 'permitted', left: 3 })
    expect(judgeFacts({ wrongEver: 9, counted: [{ limit: 'factsOfCardholder', count: 1 }] }, now)).toEqual({
      kind: 'permitted',
      left: 1,
    })
  })

  test.each(limits)('wait for the next day in Japan at the limit %s', limit => {
    const { most } = policy.limits[limit]
    expect(judgeFacts({ wrongEver: 0, counted: [{ limit, count: most }] }, now)).toEqual({
      kind: 'limited',
      until: Date.parse('2026-11-23T00:00:00+09:00'),
    })
    expect(judgeFacts({ wrongEver: 0, counted: [{ limit, count: most - 1 }] }, now).kind).toBe('permitted')
  })

  test('of a guesser are never more than three a day and ten in all, in any order of tries and days', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 * day }), { maxLength: 60 }), pauses => {
        let [at, wrongEver] = [now, 0]
        const compared = new Map<number, number>()
        for (const pause of pauses) {
          at += pause
          const today = Math.floor((at + day * 0.375) / day)
          const count = compared.get(today) ?? 0
          const entry = judgeFacts({ wrongEver, counted: [{ limit: 'factsOfCardholder', count }] }, at)
          if (entry.kind !== 'permitted') continue
          expect(entry.left).toBeGreaterThan(0)
          compared.set(today, count + 1)
          wrongEver += 1
        }
        expect(wrongEver).toBeLessThanOrEqual(policy.wrongFactsEver)
        expect(Math.max(0, ...compared.values())).toBeLessThanOrEqual(policy.limits.factsOfCardholder.most)
      }),
    )
  })
})
