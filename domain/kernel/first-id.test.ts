import { expect, test } from 'vitest'
import { firstIdAt, monthOf, monthsFrom } from './first-id.ts'

test('the first id of a time begins with its milliseconds', () => {
  expect(firstIdAt(Date.parse('2026-12-01T00:00:00Z'))).toBe('01a22ee6-b000-0000-0000-000000000000')
  expect(firstIdAt(1)).toBe('00000000-0001-0000-0000-000000000000')
  expect(firstIdAt(999) < firstIdAt(1000)).toBe(true)
})

test('months begin at midnight in UTC and continue over the end of a year', () => {
  const at = Date.parse('2026-11-30T23:59:59.999Z')
  const days = ['2026-11-01', '2026-12-01', '2027-01-01'].map(day => Date.parse(`${day}T00:00:00Z`))
  expect(monthsFrom(at, 3)).toEqual(days)
  expect([monthOf(at), monthOf(at + 1)]).toEqual(days.slice(0, 2))
})
