import { describe, expect, test } from 'vitest'
import type { MethodId } from './registry.ts'
import { anyCode, begunBy, initialMethod, offersOf, preferences, selectMethod } from './selection.ts'

const everything: readonly MethodId[] = ['email-code', 'sms-code', 'account']
const codes: readonly MethodId[] = ['email-code', 'sms-code']

test('offers a code to each contact or to all of them, and approval in the account', () => {
  expect(offersOf(everything)).toEqual([['email-code'], ['sms-code'], codes, ['account']])
  expect(offersOf(['sms-code', 'account'])).toEqual([['sms-code'], ['account']])
  expect(offersOf(['email-code'])).toEqual([['email-code']])
  expect(offersOf([])).toEqual([])
})

describe('a window begins', () => {
  test.each<{ available: readonly MethodId[]; codes: string; account: string; ask: string }>([
    { available: everything, codes: 'code', account: 'account', ask: 'choosing' },
    { available: codes, codes: 'code', account: 'code', ask: 'choosing' },
    { available: ['sms-code', 'account'], codes: 'code', account: 'account', ask: 'choosing' },
    { available: ['sms-code'], codes: 'code', account: 'code', ask: 'code' },
    { available: ['account'], codes: 'account', account: 'account', ask: 'account' },
    { available: [], codes: 'code', account: 'code', ask: 'code' },
  ])('where $available can be asked, with $codes, $account or $ask', ({ available, ...expected }) => {
    const initial = { code: anyCode, account: ['account'], choosing: 'choosing' }
    for (const preference of preferences)
      expect(initialMethod(preference, available), preference).toEqual(
        initial[expected[preference] as keyof typeof initial],
      )
  })
})

test('accepts a selection that is on offer, and no other', () => {
  expect(selectMethod(['email-code'], everything)).toEqual(['email-code'])
  expect(selectMethod(['account'], everything)).toEqual(['account'])
  expect(selectMethod(['sms-code', 'email-code'], everything)).toEqual(codes)
  expect(selectMethod(['email-code', 'sms-code'], ['sms-code'])).toBeUndefined()
  expect(selectMethod(['account'], codes)).toBeUndefined()
  for (const nonsense of [[], [''], ['post'], ['email-code', 'account'], everything, ['toString']])
    expect(selectMethod(nonsense, everything)).toBeUndefined()
})

test('begins what is available of a selection, and of codes, where none of it is, those that are', () => {
  expect(begunBy(codes, codes)).toEqual(codes)
  expect(begunBy(codes, ['sms-code'])).toEqual(['sms-code'])
  expect(begunBy(['email-code'], codes)).toEqual(['email-code'])
  expect(begunBy(['email-code'], ['sms-code'])).toEqual(['sms-code'])
  expect(begunBy(codes, [])).toEqual([])
  expect(begunBy(['account'], codes)).toEqual([])
})
