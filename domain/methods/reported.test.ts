import { expect, test } from 'vitest'
import { reportedMethod } from './reported.ts'

const proof = (
  method: 'email-code' | 'sms-code' | 'account',
  state: 'pending' | 'undelivered' | 'withdrawn' | 'proved',
) => ({ method, state }) as const

test.each([
  ['the proof that was proved', [proof('email-code', 'pending'), proof('sms-code', 'proved')], undefined, 'sms-code'],
  ['that proof, though another method was awaited', [proof('sms-code', 'proved')], 'account', 'sms-code'],
  ['the method answered or awaited out of band', [proof('email-code', 'pending')], 'account', 'account'],
  [
    'of two codes the one that proves less',
    [proof('sms-code', 'pending'), proof('email-code', 'pending')],
    undefined,
    'email-code',
  ],
  [
    'the code that was delivered',
    [proof('email-code', 'undelivered'), proof('sms-code', 'pending')],
    undefined,
    'sms-code',
  ],
  ['a code that was not delivered, if there is no other', [proof('sms-code', 'undelivered')], undefined, 'sms-code'],
  ['no code that was withdrawn', [proof('email-code', 'withdrawn')], undefined, undefined],
  ['no method that is only remembered', [proof('account', 'pending')], undefined, undefined],
] as const)('a result names %s', (_what, proofs, outOfBand, expected) => {
  expect(reportedMethod(proofs, outOfBand)).toBe(expected)
})
