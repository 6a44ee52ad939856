import { expect, test } from 'vitest'
import { formatForSpreadsheet } from './time.ts'

test('a time for a spreadsheet is in Tokyo, with seconds, in the order that sorts', () => {
  expect(formatForSpreadsheet(Date.UTC(2026, 11, 31, 15, 4, 5))).toBe('2027-01-01 00:04:05')
})
