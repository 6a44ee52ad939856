import { expect, test } from 'vitest'
import { reportedMethod } from './reported.ts'

const proof = (
  method: 'email-code' | 'sms-code' | 'account' | 'passkey',
  state: 'pending' | 'undelivered' | 'withdrawn' | 'proved',
) => ({ method, state }) as const

test.each([
  ['the method that was proved', [proof('email-code', 'pending'), proof('sms-code', 'proved')], undefined, 'sms-code'],
  ['the proved method, even if another was awaited', [proof('sms-code', 'proved')], 'account', 'sms-code'],
  ['the method answered or awaited out of band', [proof('email-code', 'pending')], 'account', 'account'],
  [
    'the weaker of two pending codes',
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
  [
    'the weaker of a pending code and a pending passkey',
    [proof('passkey', 'pending'), proof('sms-code', 'pending')],
    undefined,
    'sms-code',
  ],
  ['a pending passkey, if no code was sent', [proof('passkey', 'pending')], undefined, 'passkey'],
  ['an undelivered code, if there is no other', [proof('sms-code', 'undelivered')], undefined, 'sms-code'],
  ['no withdrawn code', [proof('email-code', 'withdrawn')], undefined, undefined],
  [
    'no out-of-band method that was begun but is no longer awaited',
    [proof('account', 'pending')],
    undefined,
    undefined,
  ],
] as const)('a result names %s', (_what, proofs, outOfBand, expected) => {
  expect(reportedMethod(proofs, outOfBand)).toBe(expected)
})
