import { expect, test } from 'vitest'
import { Rate } from './rate.ts'

const granted = (rate: Rate, caller: string, times: number, at: number) =>
  Array.from({ length: times }, () => rate.take(caller, 10, at)).filter(Boolean).length

test('allows a second’s calls at once, and then the given rate', () => {
  const rate = new Rate()
  expect(granted(rate, 'host', 100, 0)).toBe(10)
  expect(granted(rate, 'host', 100, 50)).toBe(0)
  expect(granted(rate, 'host', 100, 500)).toBe(5)
  expect(granted(rate, 'host', 100, 60_000)).toBe(10)
})

test('counts each caller separately', () => {
  const rate = new Rate()
  granted(rate, 'host', 100, 0)
  expect(granted(rate, 'other', 100, 0)).toBe(10)
})

test('gives no calls away when the clock is set back', () => {
  const rate = new Rate()
  granted(rate, 'host', 100, 60_000)
  expect(granted(rate, 'host', 100, 0)).toBe(0)
  expect(granted(rate, 'host', 100, 100)).toBe(1)
})
