import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { readPolicy } from './read-policy.ts'
import { document } from './testing/policy.ts'

type Document = ReturnType<typeof document>

function problemsOf(change: (policy: Document) => unknown): readonly string[] {
  const changed = document()
  change(changed)
  const read = readPolicy(JSON.stringify(changed))
  return 'problems' in read ? read.problems : []
}

/** The first rule of the small policy is replaced. */
const withRule = (rule: Record<string, unknown>) => (policy: Document) => {
  const [table] = policy.tables as { rules: unknown[] }[]
  if (table)
    table.rules[0] = { id: 'changed', reason: 'amount-unusual', score: 5, when: { amount: { above: 1 } }, ...rule }
}

test('a policy without a problem is accepted', () => {
  expect(problemsOf(() => undefined)).toEqual([])
})

describe('a policy is refused', () => {
  test.each<[string, (policy: Document) => unknown, string]>([
    [
      'that reads an undeclared signal',
      withRule({ when: { amuont: { above: 1 } } }),
      'table amount, rule changed: reads amuont, which is not a signal',
    ],
    [
      'that reads a name of every object',
      withRule({ when: { constructor: { above: 1 } } }),
      'table amount, rule changed: reads constructor, which is not a signal',
    ],
    [
      'with a text for a number',
      withRule({ when: { amount: { above: '1' } } }),
      'table amount, rule changed: amount takes numbers: {"above": 3}, {"atLeast": 3}, {"below": 3}, {"atMost": 3}, or {"unknown": true}',
    ],
    [
      'with a number for a text',
      withRule({ when: { category: { oneOf: [5732] } } }),
      'table amount, rule changed: category takes texts: {"oneOf": ["5732"]}, {"noneOf": ["392"]}, or {"unknown": true}',
    ],
    [
      'with a text for yes or no',
      withRule({ when: { giftCard: 'true' } }),
      'table amount, rule changed: giftCard takes true, false, {"is": true, "orUnknown": true}, or {"unknown": true}',
    ],
    [
      'with a misspelt comparison',
      withRule({ when: { amount: { obove: 1 } } }),
      'table amount, rule changed: amount takes numbers: {"above": 3}, {"atLeast": 3}, {"below": 3}, {"atMost": 3}, or {"unknown": true}',
    ],
    [
      'with a condition that says nothing',
      withRule({ when: { amount: { orUnknown: true } } }),
      'table amount, rule changed: amount says no number',
    ],
    [
      'with a condition that never holds',
      withRule({ when: { amount: { above: 5, below: 5 } } }),
      'table amount, rule changed: amount holds for no number',
    ],
    ['with a rule that has no condition', withRule({ when: {} }), 'table amount, rule changed: has no condition'],
    [
      'with a rule that has no effect',
      withRule({ score: 0 }),
      'table amount, rule changed: has neither a score nor an outcome (atLeast)',
    ],
    [
      'that raises the score for less risk',
      withRule({ when: { amount: { below: 5 } } }),
      'table amount, rule changed: amount is riskier when higher, and the rule says the opposite',
    ],
    [
      'that raises the score where the device is proved',
      withRule({ when: { deviceProved: true } }),
      'table amount, rule changed: deviceProved is riskier when lower, and the rule says the opposite',
    ],
    [
      'that scores a device higher when it is told than when it is withheld',
      withRule({ when: { deviceDays: { below: 3 } } }),
      'table amount, rule changed: deviceDays can be withheld, so the rule must hold for an unknown one ("orUnknown": true)',
    ],
    [
      'that requires more of a device that is told',
      withRule({ score: undefined, atLeast: 'challenge', when: { deviceDays: { unknown: false } } }),
      'table amount, rule changed: deviceDays can be withheld, so the rule must hold for an unknown one ("orUnknown": true)',
    ],
    [
      'that trusts a device that is withheld',
      withRule({ score: -5, when: { deviceDays: { unknown: true } } }),
      'table amount, rule changed: deviceDays can be withheld, so the rule must not hold for an unknown one ("orUnknown": true)',
    ],
    [
      'that limits a risk on both sides',
      withRule({ when: { amount: { above: 5, below: 9 } } }),
      'table amount, rule changed: amount is riskier when higher, so the rule may not limit it on both sides',
    ],
    [
      'that lowers the highest score of a table',
      withRule({ score: -5, when: { amount: { below: 5 } } }),
      'table amount, rule changed: lowers the score in a table that takes the highest',
    ],
    ['with an unknown reason', withRule({ reason: 'because' }), 'table amount, rule changed, reason: must be one of'],
    [
      'with an unknown outcome',
      withRule({ atLeast: 'frictionless' }),
      'table amount, rule changed, atLeast: must be one of',
    ],
    [
      'with an unknown member',
      withRule({ wehn: {} }),
      'table amount, rule changed: has wehn, which a policy does not have here',
    ],
    ['with a function in place of a table', policy => policy.tables.push({ id: 'f', source: 'x => x' }), 'table f'],
    ['with a rule twice', withRule({ id: 'considerable' }), 'rule considerable: is there twice'],
    [
      'with thresholds in the wrong order',
      policy => Object.assign(policy.thresholds, { refuse: 20 }),
      'thresholds: a stricter outcome needs a higher score',
    ],
    [
      'with a threshold that every payment reaches',
      policy => Object.assign(policy.thresholds, { challenge: 0 }),
      'challenge: ',
    ],
    ['without examples', policy => policy.examples.splice(0), 'examples: '],
    [
      'whose example fails',
      policy => policy.examples.push({ about: 'wrong', signals: { amount: 60_000, deviceDays: 9 }, outcome: 'refuse' }),
      'example “wrong”: should be refuse, but is challenge with a score of 30 (high 30)',
    ],
    [
      'whose example has an undeclared signal',
      policy => policy.examples.push({ about: 'wrong', signals: { amuont: 1 }, outcome: 'challenge' }),
      'example “wrong”: has amuont, which is not a signal',
    ],
    [
      'whose example has a text for a number',
      policy => policy.examples.push({ about: 'wrong', signals: { amount: '1' }, outcome: 'challenge' }),
      'example “wrong”: amount must be a number',
    ],
  ])('%s', (_what, change, problem) => {
    const problems = problemsOf(change)
    expect(problems.length).toBeGreaterThan(0)
    expect(
      problems.some(each => each.startsWith(problem)),
      problems.join('\n'),
    ).toBe(true)
  })

  test('that is not JSON, with line and column', () => {
    expect(readPolicy('{\n  "id": "a",,\n}')).toEqual({ problems: ['line 2, column 13: this is not JSON'] })
  })

  test('that is too large', () => {
    expect(readPolicy(' '.repeat(200_001))).toEqual({ problems: ['the file has more than 200,000 characters'] })
  })

  test('with more rules than a process evaluates in time', () => {
    const rule = (i: number) => ({
      id: `rule-${i}`,
      when: { amount: { above: i } },
      score: 1,
      reason: 'amount-unusual',
    })
    const table = (first: number, count: number) => ({
      ...{ id: `table-${first}`, combine: 'highest' },
      rules: Array.from({ length: count }, (_, i) => rule(first + i)),
    })
    const read = (last: number) =>
      readPolicy(
        JSON.stringify({ ...document(), tables: [table(0, 150), table(150, last)], thresholds: { challenge: 9 } }),
      )
    expect(read(151)).toEqual({ problems: ['the tables have 301 rules together, and may have 300'] })
    // With one rule fewer, only its examples are wrong.
    expect(read(150)).toEqual({ problems: [expect.stringContaining('should be')] })
  })

  test('whatever it is, without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        expect('problems' in readPolicy(text)).toBe(true)
      }),
    )
  })
})
