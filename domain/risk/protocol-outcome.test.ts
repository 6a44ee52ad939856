import { expect, test } from 'vitest'
import { protocolOutcome } from './protocol-outcome.ts'
import type { Reach, Unreachable } from './reach.ts'
import type { AskingRule } from './rules.ts'

const needed = (...rules: readonly [AskingRule, ...AskingRule[]]) =>
  ({ needsCardholder: true, rules, mandated: true, onDevice: false }) as const
const ordinary = { attempts: false }
const unreachable = (why: Unreachable): Reach => ({ kind: 'unreachable', why })

test.each(['challenge-window', 'app-screens'] as const)('%s leads to a challenge by the first rule', kind => {
  const risk = needed('requestor-asked', 'restricted')
  expect(protocolOutcome(risk, { kind }, ordinary)).toEqual({
    kind: 'challenge',
    rule: 'requestor-asked',
    mandated: true,
  })
  expect(protocolOutcome({ ...risk, mandated: false }, { kind }, ordinary)).toMatchObject({ mandated: false })
})

test('a challenge on a device says so', () => {
  const risk = { ...needed('policy'), onDevice: true }
  expect(protocolOutcome(risk, { kind: 'challenge-window' }, ordinary)).toMatchObject({
    rule: 'policy',
    onDevice: true,
  })
})

test('decoupled authentication keeps the rule that asked for it', () => {
  expect(protocolOutcome(needed('amount'), { kind: 'decoupled' }, ordinary)).toEqual({
    kind: 'decoupled',
    rule: 'amount',
  })
})

test.each([
  ['no-contact', 'no-contact'],
  ['report-open', 'report-open'],
  ['email-recently-changed', 'email-recently-changed'],
  ['number-stopped', 'number-stopped'],
  ['no-screen', 'channel-not-supported'],
  ['no-device', 'device-needed'],
  ['not-permitted', 'cardholder-needed'],
  ['not-offered', '3ri-not-supported'],
  ['too-little-time', 'too-little-time'],
  ['not-enrolled', 'not-enrolled'],
] as const)('an unreachable cardholder (%s) concludes with %s', (why, outcome) => {
  const concluded = { kind: 'conclude', outcome, rule: 'amount' }
  expect(protocolOutcome(needed('amount'), unreachable(why), ordinary)).toEqual(concluded)
  if (why !== 'no-contact')
    expect(protocolOutcome(needed('amount'), unreachable(why), { attempts: true })).toEqual(concluded)
})

test('a range with attempts answers A when there is no contact, unless the browser differs or the policy asks', () => {
  const answered = (...rules: readonly [AskingRule, ...AskingRule[]]) =>
    protocolOutcome(needed(...rules), unreachable('no-contact'), { attempts: true })
  expect(answered('amount')).toMatchObject({ outcome: 'attempted' })
  expect(answered('amount', 'requestor-asked')).toMatchObject({ outcome: 'attempted' })
  expect(answered('device-differs')).toMatchObject({ outcome: 'no-contact' })
  expect(answered('amount', 'device-differs')).toMatchObject({ outcome: 'no-contact' })
  expect(answered('amount', 'policy')).toMatchObject({ outcome: 'no-contact' })
})
