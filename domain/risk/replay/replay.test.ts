import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Labelled } from '#domain/risk/generator/labelled.ts'
import { heldOutSeeds } from '#domain/risk/generator/seeds.ts'
import { authentication, noon, rates } from '#domain/risk/history/testing/authentication.ts'
import { policyOf } from '#domain/risk/policy/testing/policy.ts'
import { replayGenerated } from './replay.ts'
import { runPolicy } from './run.ts'
import { differences, share, tally } from './tally.ts'

const text = readFileSync(new URL('../policies/japan.json', import.meta.url), 'utf8')
const japan = policyOf(text)
const stricter = policyOf(text.replace('"challenge": 53,', '"challenge": 52,'))

const [ours = [], strict = []] = replayGenerated([japan, stricter], { seeds: heldOutSeeds, cards: 400 })
const found = tally(ours, japan)

describe('the default policy, on a history that it was not tuned on', () => {
  test('challenges at most 5 % of the payments, and stops at least 95 % of the fraud by value', () => {
    expect(found.fraud.all.count).toBeGreaterThan(100)
    expect(found.challengeRate).toBeLessThanOrEqual(0.05)
    expect(share(found.fraud.stopped.value, found.fraud.all.value)).toBeGreaterThanOrEqual(0.95)
  })

  test('decides the same in every run', () => {
    expect({ decided: found.decided, ...found.outcomes, fraud: found.fraud.all.count }).toEqual({
      decided: 22_720,
      frictionless: 21_633,
      challenge: 751,
      'challenge-on-device': 336,
      refuse: 0,
      fraud: 252,
    })
  })

  test('gives each payment a reason', () => {
    const rules = new Set(['nothing-unusual', ...japan.tables.flatMap(table => table.rules.map(({ id }) => id))])
    for (const { reasons } of ours) for (const { rule } of reasons) expect(rules.has(rule)).toBe(true)
  })
})

describe('the curve', () => {
  test('goes through the figures of the policy at its threshold', () => {
    const own = found.curve.find(({ threshold }) => threshold === japan.thresholds.challenge)
    expect(own?.challengeRate).toBeCloseTo(found.challengeRate, 12)
    expect(own?.stopped).toBeCloseTo(share(found.fraud.stopped.value, found.fraud.all.value), 12)
  })

  test('has fewer challenges at a higher threshold', () => {
    const rates = found.curve.map(({ challengeRate }) => challengeRate)
    expect(rates).toEqual(rates.toSorted((a, b) => b - a))
  })
})

describe('the difference of two policies', () => {
  test('is nothing between a policy and itself', () => {
    expect(differences(ours, ours)).toEqual([])
  })

  test('shows what a lower threshold challenges in addition, and by which rules', () => {
    const [most] = differences(ours, strict)
    expect(most).toMatchObject({ from: 'frictionless', to: 'challenge' })
    expect(most?.genuine).toBeGreaterThan(0)
    expect(most?.rules[0]?.count).toBeGreaterThan(0)
  })
})

describe('a run', () => {
  const everything = policyOf(
    JSON.stringify({
      id: 'everything',
      version: 1,
      name: 'Challenges everything',
      tables: [
        {
          id: 'all',
          combine: 'sum',
          rules: [{ id: 'any', when: { amount: { atLeast: 0 } }, score: 50, reason: 'amount-unusual' }],
        },
      ],
      thresholds: { challenge: 50 },
      examples: [{ about: 'any', signals: { amount: 1 }, outcome: 'challenge' }],
    }),
  )
  const thief = (answers: Labelled['answers']): Labelled => ({
    event: authentication(),
    fraud: 'relay-phishing',
    answers,
  })

  test('does not count a challenge as a stop if the thief reads the code', () => {
    const run = runPolicy(everything, rates)
    const judged = [run(thief({ code: true, device: false })), run(thief({ code: false, device: false }))]
    const { fraud } = tally(
      judged.flatMap(each => each ?? []),
      everything,
    )
    expect(fraud).toMatchObject({ all: { count: 2 }, challenged: { count: 2 }, stopped: { count: 1 } })
  })

  test('does not decide 3RI, cards of others and changes of contacts', () => {
    const run = runPolicy(everything, rates)
    const { areq } = authentication()
    const others: Labelled['event'][] = [
      authentication({ areq: { ...areq, deviceChannel: '03' } }),
      authentication({ card: undefined, cardholder: undefined }),
      { kind: 'contact-changed', at: noon, cardholder: 'cardholder-1' },
    ]
    expect(others.map(event => run({ event }))).toEqual([undefined, undefined, undefined])
  })
})
