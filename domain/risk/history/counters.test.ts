import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { add, addAmount, type Decaying, decayed, quantile, type Seen, see, seenSince, shareOf } from './counters.ts'

const hour = 3_600_000

describe('a decaying counter', () => {
  test('halves in its half-life', () => {
    const counter = add(undefined, 8, hour, 0)
    expect(decayed(counter, hour, 0)).toBe(8)
    expect(decayed(counter, hour, hour)).toBeCloseTo(4)
    expect(decayed(counter, hour, 3 * hour)).toBeCloseTo(1)
  })

  test('never exceeds what was added, however late or early the events come', () => {
    const event = fc.record({ by: fc.integer({ min: 0, max: 1000 }), at: fc.integer({ min: 0, max: 100 * hour }) })
    fc.assert(
      fc.property(fc.array(event), fc.integer({ min: 0, max: 200 * hour }), (events, now) => {
        let counter: Decaying
        for (const { by, at } of events) counter = add(counter, by, hour, at)
        const value = decayed(counter, hour, now)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(events.reduce((sum, { by }) => sum + by, 0) + 1e-9)
      }),
    )
  })
})

describe('a list of what was seen', () => {
  const all = (keys: readonly string[]) => keys.reduce<readonly Seen[]>((list, key, at) => see(list, key, 3, at), [])

  test('counts, and knows the first and the last time', () => {
    expect(all(['a', 'b', 'a'])).toContainEqual({ key: 'a', count: 2, first: 0, last: 2 })
  })

  test('leaves out what was not seen for the longest time', () => {
    expect(
      all(['a', 'b', 'a', 'c', 'd'])
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual(['a', 'c', 'd'])
  })

  test('never holds more than its limit', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), keys => {
        expect(all(keys).length).toBeLessThanOrEqual(3)
      }),
    )
  })

  test('gives shares, and how many were seen since', () => {
    const list = all(['a', 'b', 'a', 'c'])
    expect(shareOf(list, 'a')).toBe(0.5)
    expect(shareOf(list, 'x')).toBe(0)
    expect(shareOf([], 'x')).toBeUndefined()
    expect(seenSince(list, 2)).toBe(2)
  })
})

describe('the sketch of amounts', () => {
  test('knows the median within half an interval', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(amounts, list => {
        const sketch = list.reduce<readonly number[]>(addAmount, [])
        const median = quantile(sketch, 0.5) ?? Number.NaN
        const sorted = list.toSorted((a, b) => a - b)
        // Older ones weigh a little less, so that the median may be a neighbour.
        const middle = Math.floor((sorted.length - 1) / 2)
        const [low, high] = [sorted[Math.max(middle - 1, 0)], sorted[Math.min(middle + 2, sorted.length - 1)]]
        expect(median).toBeGreaterThanOrEqual(Math.log2(low ?? 0) - 0.51)
        expect(median).toBeLessThanOrEqual(Math.log2(high ?? 0) + 0.51)
      }),
    )
  })

  test('takes 48 digits, and nothing at all', () => {
    expect(quantile(addAmount([], 1e48), 0.5)).toBeLessThan(24)
    expect(quantile(addAmount([], 0), 0.5)).toBeLessThan(1)
    expect(quantile([], 0.5)).toBeUndefined()
  })

  test('follows a cardholder whose habits change', () => {
    let sketch: readonly number[] = []
    for (let i = 0; i < 100; i++) sketch = addAmount(sketch, 1000)
    for (let i = 0; i < 60; i++) sketch = addAmount(sketch, 32_000)
    expect(quantile(sketch, 0.5)).toBeGreaterThan(Math.log2(20_000))
  })
})
