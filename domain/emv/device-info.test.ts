import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { encodeMessage } from './codec.ts'
import { localeOf } from './device-info.ts'

test('reads the language setting of a device', () => {
  expect(localeOf(encodeMessage({ DV: '1.4', DD: { C005: 'ja-JP' } }))).toBe('ja-JP')
  expect(localeOf(encodeMessage({ DV: '1.4', DD: { C005: 'en_US' } }))).toBe('en_US')
})

test('reads no language from a device that sends none, or something else in its place', () => {
  for (const info of [{}, { DD: null }, { DD: [] }, { DD: {} }, { DD: { C005: 7 } }, { DD: { C005: '日本語' } }])
    expect(localeOf(encodeMessage(info))).toBeUndefined()
  fc.assert(fc.property(fc.string(), text => localeOf(text) === undefined))
})
