import { describe, expect, test } from 'vitest'
import type { MethodId } from './registry.ts'
import {
  anyCode,
  automaticPreference,
  begunBy,
  devicePreference,
  initialMethod,
  offersOf,
  preferences,
  selectMethod,
} from './selection.ts'

const everything: readonly MethodId[] = ['email-code', 'sms-code', 'push', 'account', 'passkey']
const codes: readonly MethodId[] = ['email-code', 'sms-code']

test('offers a code to each contact or to all of them, and each other method', () => {
  expect(offersOf(everything)).toEqual([['push'], ['passkey'], ['email-code'], ['sms-code'], codes, ['account']])
  expect(offersOf(['sms-code', 'account'])).toEqual([['sms-code'], ['account']])
  expect(offersOf(['email-code'])).toEqual([['email-code']])
  expect(offersOf([])).toEqual([])
})

describe('the initial method', () => {
  test.each<{
    available: readonly MethodId[]
    code: string
    passkey: string
    push: string
    account: string
    choose: string
  }>([
    { available: everything, code: 'code', passkey: 'passkey', push: 'push', account: 'account', choose: 'choosing' },
    { available: codes, code: 'code', passkey: 'code', push: 'code', account: 'code', choose: 'choosing' },
    {
      available: ['sms-code', 'account'],
      code: 'code',
      passkey: 'code',
      push: 'code',
      account: 'account',
      choose: 'choosing',
    },
    {
      available: ['sms-code', 'push'],
      code: 'code',
      passkey: 'code',
      push: 'push',
      account: 'code',
      choose: 'choosing',
    },
    { available: ['sms-code'], code: 'code', passkey: 'code', push: 'code', account: 'code', choose: 'code' },
    {
      available: ['account'],
      code: 'account',
      passkey: 'account',
      push: 'account',
      account: 'account',
      choose: 'account',
    },
    { available: ['push'], code: 'push', passkey: 'push', push: 'push', account: 'push', choose: 'push' },
    { available: [], code: 'code', passkey: 'code', push: 'code', account: 'code', choose: 'code' },
    {
      available: ['sms-code', 'passkey'],
      code: 'code',
      passkey: 'passkey',
      push: 'code',
      account: 'code',
      choose: 'choosing',
    },
  ])(
    'of preferences code, passkey, push, account, choose with $available available is $code, $passkey, $push, $account, $choose',
    ({ available, ...expected }) => {
      const initial = {
        code: anyCode,
        passkey: ['passkey'],
        push: ['push'],
        account: ['account'],
        choosing: 'choosing',
      }
      for (const preference of preferences)
        expect(initialMethod(preference, available), preference).toEqual(
          initial[expected[preference] as keyof typeof initial],
        )
    },
  )
})

describe('a cardholder who has chosen no method in the account', () => {
  const without = (...gone: MethodId[]) => everything.filter(id => !gone.includes(id))

  test.each([undefined, ...everything])('begins with a device, also where %s last succeeded in this browser', last => {
    expect(automaticPreference(everything, last)).toBe('push')
  })

  test.each([
    [undefined, without('push'), 'passkey'],
    ['passkey', without('push'), 'passkey'],
    ['push', without('push'), 'passkey'],
    // A passkey may be on another device: a browser that remembers another method begins with that.
    ['account', without('push'), 'account'],
    ['account', without('push', 'account'), 'passkey'],
    ['account', without('push', 'account', 'passkey'), 'code'],
    // Both contacts get a code, so that the one who reads a mailbox does not silence the telephone.
    ['email-code', without('push'), 'code'],
    ['sms-code', without('push'), 'code'],
    ['sms-code', without('push', 'sms-code'), 'code'],
    [undefined, codes, 'code'],
    [undefined, ['email-code', 'account'], 'code'],
    [undefined, [], 'code'],
  ] as const)('where %s last succeeded, with %j available, begins with %s', (last, available, expected) => {
    expect(automaticPreference(available, last)).toBe(expected)
  })
})

test('accepts only a selection that is on offer', () => {
  expect(selectMethod(['email-code'], everything)).toEqual(['email-code'])
  expect(selectMethod(['account'], everything)).toEqual(['account'])
  expect(selectMethod(['sms-code', 'email-code'], everything)).toEqual(codes)
  expect(selectMethod(['email-code', 'sms-code'], ['sms-code'])).toBeUndefined()
  expect(selectMethod(['account'], codes)).toBeUndefined()
  for (const nonsense of [[], [''], ['post'], ['email-code', 'account'], everything, ['toString']])
    expect(selectMethod(nonsense, everything)).toBeUndefined()
})

test('begins the available methods of a selection; if none is and a code was selected, the available codes', () => {
  expect(begunBy(codes, codes)).toEqual(codes)
  expect(begunBy(codes, ['sms-code'])).toEqual(['sms-code'])
  expect(begunBy(['email-code'], codes)).toEqual(['email-code'])
  expect(begunBy(['email-code'], ['sms-code'])).toEqual(['sms-code'])
  expect(begunBy(codes, [])).toEqual([])
  expect(begunBy(['account'], codes)).toEqual([])
})

test.each([
  ['automatic', ['push', 'passkey'], 'push'],
  ['automatic', ['passkey'], 'passkey'],
  ['automatic', ['push'], 'push'],
  ['passkey', ['push', 'passkey'], 'passkey'],
  ['passkey', ['push'], 'push'],
  ['push', ['push', 'passkey'], 'push'],
  ['push', ['passkey'], 'passkey'],
  // What a thief may use is not followed.
  ['code', ['push', 'passkey'], 'push'],
  ['code', ['passkey'], 'passkey'],
  ['account', ['push', 'passkey'], 'push'],
  ['choose', ['push', 'passkey'], 'choose'],
] as const)(
  'where only a device may confirm, the preference %s with %j available begins with %s',
  (chosen, available, expected) => {
    expect(devicePreference(chosen, available)).toBe(expected)
  },
)
