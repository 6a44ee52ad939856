import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeMessage } from './codec.ts'
import { localeOf } from './device-info.ts'

test('a device says which language it is set to', () => {
  expect(localeOf(encodeMessage({ DV: '1.4', DD: { C005: 'ja-JP' } }))).toBe('ja-JP')
  expect(localeOf(encodeMessage({ DV: '1.4', DD: { C005: 'en_US' } }))).toBe('en_US')
})

test('one that does not, or says something else there, says nothing', () => {
  for (const info of [{}, { DD: null }, { DD: [] }, { DD: {} }, { DD: { C005: 7 } }, { DD: { C005: '日本語' } }])
    expect(localeOf(encodeMessage(info))).toBeUndefined()
  fc.assert(fc.property(fc.string(), text => localeOf(text) === undefined))
})
