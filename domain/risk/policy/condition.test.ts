import { expect, test } from 'vitest'
import { definitionOf, readCondition } from './condition.ts'
import type { SignalValue } from './policy.ts'

test.each<[signal: string, cell: unknown, value: SignalValue, holds: boolean]>([
  ['amount', { above: 5 }, 5, false],
  ['amount', { above: 5 }, 5.1, true],
  ['amount', { atLeast: 5 }, 5, true],
  ['amount', { atLeast: 5 }, 4.9, false],
  ['amount', { below: 5 }, 5, false],
  ['amount', { below: 5 }, 4.9, true],
  ['amount', { atMost: 5 }, 5, true],
  ['amount', { atMost: 5 }, 5.1, false],
  ['amount', { above: 5 }, undefined, false],
  ['amount', { above: 5, orUnknown: true }, undefined, true],
  ['amount', { above: 5 }, Number.NaN, false],
  ['amount', { unknown: true }, undefined, true],
  ['amount', { unknown: true }, 0, false],
  ['amount', { unknown: false }, 0, true],
  ['category', { oneOf: ['5732'] }, '5732', true],
  ['category', { oneOf: ['5732'] }, '5411', false],
  ['category', { noneOf: ['5732'] }, '5411', true],
  ['category', { noneOf: ['5732'] }, undefined, false],
  ['category', { noneOf: ['5732'], orUnknown: true }, undefined, true],
  ['trusted', true, true, true],
  ['trusted', true, undefined, false],
  ['trusted', false, false, true],
  ['trusted', { is: false, orUnknown: true }, undefined, true],
])('%s: %j of %s is %s', (signal, cell, value, holds) => {
  const definition = definitionOf(signal)
  const read = definition && readCondition(definition, cell)
  expect(read && 'holds' in read && read.holds(value)).toBe(holds)
})
