import { expect, test } from 'vitest'
import { formatDate, formatDay, formatForSpreadsheet } from './time.ts'

test('a time for a spreadsheet is in Tokyo, with seconds, in the order that sorts', () => {
  expect(formatForSpreadsheet(Date.UTC(2026, 11, 31, 15, 4, 5))).toBe('2027-01-01 00:04:05')
})

test('a day is written as people of each language read it, and is the day in Tokyo', () => {
  const midnight = Date.UTC(2026, 11, 2, 15)
  expect(formatDay(midnight, 'ja')).toBe('12月3日(木)午前0時(日本時間)')
  expect(formatDay(midnight, 'en')).toBe('Thu 3 Dec, 00:00 JST')
  expect(formatDate(midnight, 'ja')).toBe('2026年12月3日(木)')
  expect(formatDate(midnight - 1, 'en')).toBe('Wednesday, 2 December 2026')
})
