import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { canonicalJson } from './canonical-json.ts'

test('is the example of RFC 8785, section 3.2.2', () => {
  const text =
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
    '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}'
  expect(canonicalJson(JSON.parse(text))).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('sorts members by UTF-16 code units: the order of RFC 8785, section 3.2.3', () => {
  const names = ['€', '\r', '\ufb33', '1', '😀', '\u0080', 'ö', '10', '9']
  const sorted = JSON.parse(
    `[${canonicalJson(Object.fromEntries(names.map(name => [name, 0]))).match(/"(?:[^"\\]|\\.)*"/g)}]`,
  )
  expect(sorted).toEqual(['\r', '1', '10', '9', '\u0080', 'ö', '€', '😀', '\ufb33'])
})

test('keeps a member named __proto__, and the order of a list', () => {
  expect(canonicalJson(JSON.parse('{"b":[2,1],"__proto__":{"y":1,"x":-0}}'))).toBe(
    '{"__proto__":{"x":0,"y":1},"b":[2,1]}',
  )
})

test('is the same for every order of the members, and means what it meant', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, member]) => [name, shuffled(member)]),
    )
  }
  fc.assert(
    fc.property(fc.json(), text => {
      const value = JSON.parse(text)
      const canonical = canonicalJson(value)
      expect(canonicalJson(shuffled(value))).toBe(canonical)
      expect(JSON.stringify(JSON.parse(canonical)).length).toBe(JSON.stringify(value).length)
    }),
  )
})
