import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import en from '#messages/en.json'
import ja from '#messages/ja.json'
import { policyOutcomes } from './policy/policy.ts'
import { reasonKeys } from './policy/reasons.ts'
import type { RiskRecord } from './record.ts'
import type { AskingRule } from './rules.ts'
import { toldReasons } from './told-reasons.ts'

const said = (change: Partial<RiskRecord>): RiskRecord => ({
  ...{ policy: 'japan 1', outcome: 'challenge', score: 60, rules: ['a'], signals: {} },
  ...change,
})

test.each<[what: string, rule: AskingRule, risk: RiskRecord | null, told: readonly string[]]>([
  ['nothing without a history', 'amount', null, []],
  ['the rule without a policy', 'amount', { signals: {} }, ['amount']],
  [
    'the rule alone where the policy saw nothing',
    'amount',
    said({ outcome: 'frictionless', reasons: ['device-new'] }),
    ['amount'],
  ],
  [
    'the reasons of the policy that asked',
    'policy',
    said({ reasons: ['device-new', 'amount-unusual'] }),
    ['device-new', 'amount-unusual'],
  ],
  [
    'the rule first, and three at most',
    'amount',
    said({ reasons: ['device-new', 'amount-unusual', 'merchant-new'] }),
    ['amount', 'device-new', 'amount-unusual'],
  ],
  [
    'that something was unusual, once, where a thief would learn more',
    'policy',
    said({ reasons: ['network-suspicious', 'merchant-attacked', 'issuer-service'] }),
    ['unusual'],
  ],
  ['that something was unusual where only a score was too high', 'policy', said({ reasons: [] }), ['unusual']],
  [
    'no reason for trusting',
    'policy',
    said({ reasons: ['merchant-trusted', 'device-known', 'device-new'] }),
    ['device-new'],
  ],
  [
    'that something was unusual where the passkey in the shop did not work',
    'not-confirmed',
    said({ reasons: [] }),
    ['unusual'],
  ],
])('the cardholder is told %s', (_what, rule, risk, told) => {
  expect(toldReasons(rule, risk)).toEqual(told)
})

test('each reason has a sentence in both languages, and none has a number or the name of a rule', () => {
  const anyRule = fc.constantFrom<AskingRule>(
    'amount',
    'adds-card',
    'requestor-asked',
    'device-differs',
    'restricted',
    'policy',
    'not-confirmed',
    'cardholder-needed',
  )
  fc.assert(
    fc.property(anyRule, fc.constantFrom(...policyOutcomes), fc.subarray([...reasonKeys]), (rule, outcome, reasons) => {
      const told = toldReasons(rule, said({ outcome, reasons, rules: ['secret-rule'] }))
      expect(told.length).toBeGreaterThan(0)
      expect(told.length).toBeLessThanOrEqual(3)
      for (const messages of [en, ja])
        for (const reason of told) expect(messages.account.activity.why[reason]).toMatch(/^[^0-9_]+$/)
    }),
  )
})
