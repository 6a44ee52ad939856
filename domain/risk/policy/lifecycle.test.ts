import { describe, expect, test } from 'vitest'
import { type PolicyVersion, refusalOf, stateOf } from './lifecycle.ts'

const draft: PolicyVersion = { isTested: false, use: undefined, signatures: 0 }
const tested: PolicyVersion = { ...draft, isTested: true }
const signed: PolicyVersion = { ...tested, signatures: 2 }
const active: PolicyVersion = { ...signed, use: 'active' }
const shadow: PolicyVersion = { ...tested, use: 'shadow' }

const steps = ['test', 'sign', 'activate', 'shadow', 'stop'] as const

describe('where two signatures are needed', () => {
  test.each<[string, PolicyVersion, readonly (string | undefined)[]]>([
    ['a draft', draft, [undefined, 'not-tested', 'not-tested', 'not-tested', 'not-used']],
    ['a tested version', tested, [undefined, undefined, 'signatures-missing', 'signatures-missing', 'not-used']],
    [
      'one with one signature',
      { ...tested, signatures: 1 },
      [undefined, undefined, 'signatures-missing', undefined, 'not-used'],
    ],
    ['one with two', signed, [undefined, undefined, undefined, undefined, 'not-used']],
    ['the active one', active, [undefined, undefined, 'active-already', 'active-already', undefined]],
    ['the one in shadow', shadow, [undefined, undefined, 'signatures-missing', 'shadow-already', undefined]],
  ])('%s may be tested, signed, activated, put in shadow, stopped as the table says', (_what, version, refusals) => {
    expect(steps.map(step => refusalOf(step, version, 2))).toEqual(refusals)
  })
})

test('where no signature is needed, a tested version may be used', () => {
  expect(refusalOf('activate', tested, 0)).toBeUndefined()
  expect(refusalOf('activate', shadow, 0)).toBeUndefined()
  expect(refusalOf('shadow', tested, 0)).toBeUndefined()
  expect(refusalOf('activate', draft, 0)).toBe('not-tested')
})

test('a version is a draft, tested, or in use', () => {
  expect([draft, tested, active, shadow].map(stateOf)).toEqual(['draft', 'tested', 'active', 'shadow'])
})
