import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { jsonFault } from './json-fault.ts'

test.each([
  ['', 1, 1],
  ['<html>', 1, 1],
  ['{"a": 1,\n  "b": 2,\n}', 3, 1],
  ['{\r\n  "a": tru\r\n}', 2, 8],
  ['{"名": "値" "b": 1}', 1, 11],
  ['{"a": "one\ntwo"}', 1, 11],
  ['{"a": "\\x"}', 1, 8],
  ['{"a": 1} x', 1, 10],
  ['{"a": 01}', 1, 8],
  ['{"a" 1}', 1, 6],
  ["{'a': 1}", 1, 2],
  ['[1, 2', 1, 6],
  ['[1}', 1, 3],
  ['{"a": "😀", }', 1, 12],
])('%j stops being JSON at line %i, column %i', (text, line, column) => {
  expect(jsonFault(text)).toEqual({ line, column })
})

test('agrees with JSON.parse about every text', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  const broken = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('', '"', '{', '}', ']', ',', ':', '\\', ' ', '\u0001', '-', '0', '\u007f'),
    )
    .map(([json, at, cut, put]) => {
      const place = at % (json.length + 1)
      return json.slice(0, place) + put + json.slice(place + cut)
    })
  fc.assert(fc.property(fc.oneof(fc.json(), broken), text => (jsonFault(text) === undefined) === isJson(text)))
})

test('answers a text of 64 kB of open brackets', () => {
  expect(jsonFault('['.repeat(65_536))).toEqual({ line: 1, column: 65_537 })
})
