import { expect, test } from 'vitest'
import { newId } from './crypto.ts'

const timeOf = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16)
/** Later than any other time in this process. */
const start = Date.UTC(2100, 0, 1)

test('a time-ordered id is a UUIDv7 that begins with its time (RFC 9562, 5.7)', () => {
  const id = newId(start)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(timeOf(id)).toBe(start)
})

test('time-ordered ids of one millisecond are different and sort in the order in which they were made', () => {
  const ids = Array.from({ length: 20_000 }, () => newId(start + 1))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  // The counter of a millisecond has room for at least 2,048 ids; then the time runs ahead.
  expect(timeOf(ids.at(-1) ?? '') - (start + 1)).toBeLessThanOrEqual(20_000 / 2048)
})

test('a time-ordered id sorts after the one before it even if the clock was set back', () => {
  const before = newId(start + 60_000)
  expect(newId(start) > before).toBe(true)
  expect(timeOf(newId(start + 120_000))).toBe(start + 120_000)
})
