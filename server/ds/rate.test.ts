import { expect, test } from 'vitest'
import { Rate } from './rate.ts'

const granted = (rate: Rate, caller: string, times: number, at: number) =>
  Array.from({ length: times }, () => rate.take(caller, 10, at)).filter(Boolean).length

test('a second’s worth at once, and then no more than come with time', () => {
  const rate = new Rate()
  expect(granted(rate, 'host', 100, 0)).toBe(10)
  expect(granted(rate, 'host', 100, 50)).toBe(0)
  expect(granted(rate, 'host', 100, 500)).toBe(5)
  expect(granted(rate, 'host', 100, 60_000)).toBe(10)
})

test('one caller uses up nothing of another’s', () => {
  const rate = new Rate()
  granted(rate, 'host', 100, 0)
  expect(granted(rate, 'other', 100, 0)).toBe(10)
})

test('a clock that is set back gives nothing away', () => {
  const rate = new Rate()
  granted(rate, 'host', 100, 60_000)
  expect(granted(rate, 'host', 100, 0)).toBe(0)
  expect(granted(rate, 'host', 100, 100)).toBe(1)
})
