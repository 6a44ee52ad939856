import { describe, expect, test } from 'vitest'
import { chosenOf, firstOf, type Way, waysOf } from './ways.ts'

const everything = waysOf(['email', 'sms'], true)

test('a code can go to one contact or to both, and the account can be asked', () => {
  expect(everything).toEqual(['email', 'sms', 'both', 'account'])
  expect(waysOf(['sms'], true)).toEqual(['sms', 'account'])
  expect(waysOf(['email'], false)).toEqual(['email'])
  expect(waysOf([], false)).toEqual([])
})

describe('a window begins', () => {
  test.each<{ ways: readonly Way[]; codes: string; account: string; ask: string }>([
    { ways: everything, codes: 'both', account: 'account', ask: 'choosing' },
    { ways: ['email', 'sms', 'both'], codes: 'both', account: 'both', ask: 'choosing' },
    { ways: ['sms', 'account'], codes: 'both', account: 'account', ask: 'choosing' },
    { ways: ['sms'], codes: 'both', account: 'both', ask: 'both' },
    { ways: ['account'], codes: 'account', account: 'account', ask: 'account' },
    { ways: [], codes: 'both', account: 'both', ask: 'both' },
  ])('of $ways with $codes, $account or $ask', ({ ways, ...firsts }) => {
    for (const preference of ['codes', 'account', 'ask'] as const)
      expect(firstOf(preference, ways), preference).toBe(firsts[preference])
  })
})

test('what is chosen must be on offer, and both contacts together are both', () => {
  expect(chosenOf(['email'], everything)).toBe('email')
  expect(chosenOf(['account'], everything)).toBe('account')
  expect(chosenOf(['sms', 'email'], everything)).toBe('both')
  expect(chosenOf(['both'], everything)).toBe('both')
  expect(chosenOf(['email', 'sms'], ['sms'])).toBeUndefined()
  expect(chosenOf(['account'], ['email', 'sms', 'both'])).toBeUndefined()
  for (const nonsense of [[], [''], ['post'], ['email', 'account'], ['email', 'sms', 'account']])
    expect(chosenOf(nonsense, everything)).toBeUndefined()
})
