import { describe, expect, test } from 'vitest'
import {
  type PolicySignals,
  type SignalDefinition,
  type SignalName,
  signalTable,
} from '#domain/risk/history/signal-table.ts'
import fc from '#domain/testing/fast-check.ts'
import { evaluate } from './evaluate.ts'
import { policyOutcomes } from './policy.ts'
import { withUnknown } from './read-policy.ts'
import { document, policyOf } from './testing/policy.ts'

const policy = policyOf(JSON.stringify(document()))
const decided = (signals: Partial<PolicySignals>) => evaluate(withUnknown(signals), policy)

describe('a policy', () => {
  test('takes only the highest score of a table that says so, and adds the tables', () => {
    expect(decided({ amount: 60_000, deviceDays: 0 })).toEqual({
      outcome: 'challenge-on-device',
      score: 55,
      reasons: [
        { rule: 'high', score: 30, reason: 'amount-unusual' },
        { rule: 'device', score: 25, reason: 'device-new' },
      ],
    })
  })

  test('lets a rule lower the score', () => {
    expect(decided({ amount: 60_000, deviceDays: 30, trusted: true })).toMatchObject({
      outcome: 'frictionless',
      score: 10,
    })
  })

  test('obeys a rule that requires an outcome, whatever the score is, and names it first', () => {
    const decision = decided({ daysSinceContactChange: 1, category: '5732', deviceDays: 30, trusted: true })
    expect(decision).toMatchObject({ outcome: 'challenge-on-device', score: -20 })
    expect(decision.reasons[0]).toMatchObject({ rule: 'contact', atLeast: 'challenge-on-device' })
  })

  test('is not made milder by what a rule requires', () => {
    const strict = document()
    strict.thresholds = { challenge: 5, 'challenge-on-device': 10, refuse: 20 }
    strict.examples = [{ about: 'any', signals: { amount: 60_000, deviceDays: 30 }, outcome: 'refuse' }]
    const signals = withUnknown({ amount: 60_000, deviceDays: 30, daysSinceContactChange: 1, category: '5732' })
    expect(evaluate(signals, policyOf(JSON.stringify(strict))).outcome).toBe('refuse')
  })

  test('has a reason even if nothing is unusual', () => {
    expect(decided({ amount: 500, deviceDays: 30 })).toEqual({
      outcome: 'frictionless',
      score: 0,
      reasons: [{ rule: 'nothing-unusual', score: 0, reason: 'nothing-unusual' }],
    })
  })

  test('holds a condition on an unknown signal only where the condition says so', () => {
    expect(decided({}).reasons.map(({ rule }) => rule)).toEqual(['device'])
  })
})

/** Any value of a signal, extreme ones and unknown included. */
function anyValue({ type }: SignalDefinition): fc.Arbitrary<number | boolean | string | undefined> {
  const value: fc.Arbitrary<number | boolean | string> = {
    number: fc.oneof(
      fc.double({ noNaN: true }),
      fc.integer({ min: -2, max: 100_000 }),
      fc.constantFrom(0, 1e48, 5e-324),
    ),
    boolean: fc.boolean(),
    text: fc.constantFrom('5732', '392', '02', 'constructor', ''),
  }[type]
  return fc.option(value, { nil: undefined })
}

const names = Object.keys(signalTable) as SignalName[]
const anySignals = fc.record(
  Object.fromEntries(names.map(name => [name, anyValue(signalTable[name])])),
) as fc.Arbitrary<PolicySignals>

/** Thresholds of a random policy, whose rules read random signals in the permitted direction. */
const anyRule = fc
  .record({
    name: fc.constantFrom(...names),
    at: fc.integer({ min: -1, max: 50_000 }),
    score: fc.integer({ min: -40, max: 60 }),
    forced: fc.boolean(),
  })
  .filter(({ score }) => score !== 0)
const anyPolicy = fc
  .record({
    rules: fc.array(fc.array(anyRule, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
    highest: fc.boolean(),
  })
  .map(({ rules, highest }) => {
    const whole = rules.map((conditions, i) => {
      const given = Math.abs(conditions[0]?.score ?? 1)
      const raises = highest || (conditions[0]?.score ?? 1) > 0
      const when = Object.fromEntries(conditions.map(({ name, at }) => [name, cell(signalTable[name], at, raises)]))
      const forced = raises && conditions[0]?.forced === true
      return {
        id: `rule-${i}`,
        when,
        score: raises ? given : -given,
        ...(forced && { atLeast: 'challenge' }),
        reason: 'time-unusual',
      }
    })
    const tables = [{ id: 'all', combine: highest ? 'highest' : 'sum', rules: whole }]
    return policyOf(
      JSON.stringify({
        ...document(),
        tables,
        examples: [{ about: 'any', signals: { amount: -9 }, outcome: exampleOutcome(tables) }],
      }),
    )
  })

/** The outcome of the example, for the generated policy must pass its own. */
function exampleOutcome(tables: unknown): string {
  const read = policyOutcomes.find(outcome => {
    try {
      policyOf(
        JSON.stringify({ ...document(), tables, examples: [{ about: 'any', signals: { amount: -9 }, outcome }] }),
      )
      return true
    } catch {
      return false
    }
  })
  return read ?? 'frictionless'
}

function cell(definition: SignalDefinition, at: number, raises: boolean): unknown {
  if (definition.type === 'text') return { oneOf: ['5732', '392'] }
  const orUnknown = definition.withheld && raises ? ({ orUnknown: true } as const) : {}
  const upwards = (definition.riskier === 'higher') === raises
  if (definition.type === 'boolean') return upwards
  return { ...(upwards ? { above: at } : { below: at }), ...orUnknown }
}

describe('any policy that passes the check', () => {
  test('decides any signals, always the same, with a finite score and a reason', () => {
    fc.assert(
      fc.property(anyPolicy, anySignals, (some, signals) => {
        const decision = evaluate(signals, some)
        expect(evaluate(signals, some)).toEqual(decision)
        expect(policyOutcomes).toContain(decision.outcome)
        expect(Number.isInteger(decision.score)).toBe(true)
        expect(decision.reasons.length).toBeGreaterThan(0)
      }),
    )
  })

  test('never gives a lower score or a milder outcome when one signal becomes riskier', () => {
    const directed = names.filter(name => 'riskier' in signalTable[name])
    fc.assert(
      fc.property(
        anyPolicy,
        anySignals,
        fc.constantFrom(...directed),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (some, signals, name, by) => {
          const { riskier } = signalTable[name] as SignalDefinition
          const value = signals[name]
          if (value === undefined) return
          const worse = typeof value === 'number' ? value + (riskier === 'higher' ? by : -by) : riskier === 'higher'
          const [before, after] = [evaluate(signals, some), evaluate({ ...signals, [name]: worse }, some)]
          expect(after.score).toBeGreaterThanOrEqual(before.score)
          expect(policyOutcomes.indexOf(after.outcome)).toBeGreaterThanOrEqual(policyOutcomes.indexOf(before.outcome))
        },
      ),
    )
  })

  test('never scores lower what a browser or merchant withholds', () => {
    const withheld = names.filter(name => 'withheld' in signalTable[name])
    expect(withheld).toContain('deviceDays')
    fc.assert(
      fc.property(anyPolicy, anySignals, fc.constantFrom(...withheld), (some, signals, name) => {
        const value = signals[name]
        if (value === undefined) return
        const [told, untold] = [evaluate(signals, some), evaluate({ ...signals, [name]: undefined }, some)]
        expect(untold.score).toBeGreaterThanOrEqual(told.score)
        expect(policyOutcomes.indexOf(untold.outcome)).toBeGreaterThanOrEqual(policyOutcomes.indexOf(told.outcome))
      }),
    )
  })
})
