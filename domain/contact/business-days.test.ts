import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { businessDayAfter, holidaysKnownUntil } from './business-days.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour
const at = (tokyo: string) => Date.parse(`${tokyo}+09:00`)
const inTokyo = (instant: number) => new Date(instant + 9 * hour).toISOString().slice(0, 16).replace('T', ' ')

/** From the Cabinet Office's list of national holidays, https://www8.cao.go.jp/chosei/shukujitsu/gaiyou.html */
const holidays = [
  ...['2026-01-01', '2026-01-12', '2026-02-11', '2026-02-23', '2026-03-20', '2026-04-29', '2026-05-03', '2026-05-04'],
  ...['2026-05-05', '2026-05-06', '2026-07-20', '2026-08-11', '2026-09-21', '2026-09-22', '2026-09-23', '2026-10-12'],
  ...['2026-11-03', '2026-11-23', '2027-01-01', '2027-01-11', '2027-02-11', '2027-02-23', '2027-03-21', '2027-03-22'],
  ...['2027-04-29', '2027-05-03', '2027-05-04', '2027-05-05', '2027-07-19', '2027-08-11', '2027-09-20', '2027-09-23'],
  ...['2027-10-11', '2027-11-03', '2027-11-23'],
]

describe('makes a mobile number effective on the third business day', () => {
  test.each([
    { what: 'an ordinary Monday', confirmed: '2026-06-01T10:00:00', effective: '2026-06-04 00:00' },
    { what: 'a Friday', confirmed: '2026-06-05T10:00:00', effective: '2026-06-10 00:00' },
    { what: 'a Saturday', confirmed: '2026-06-06T10:00:00', effective: '2026-06-10 00:00' },
    { what: 'a Sunday', confirmed: '2026-06-07T23:59:59', effective: '2026-06-10 00:00' },
    { what: 'a Friday before a Monday holiday', confirmed: '2026-07-17T10:00:00', effective: '2026-07-23 00:00' },
    { what: 'the day before Golden Week', confirmed: '2026-04-28T10:00:00', effective: '2026-05-07 00:00' },
    { what: 'a Friday before Silver Week', confirmed: '2026-09-18T10:00:00', effective: '2026-09-28 00:00' },
    { what: 'the last days of the year', confirmed: '2026-12-28T10:00:00', effective: '2027-01-06 00:00' },
    { what: 'New Year’s Eve', confirmed: '2026-12-31T10:00:00', effective: '2027-01-06 00:00' },
    {
      what: 'the Friday before a holiday on a Sunday, whose Monday is a substitute holiday',
      confirmed: '2027-03-19T10:00:00',
      effective: '2027-03-25 00:00',
    },
    { what: 'the second before midnight', confirmed: '2026-06-01T23:59:59', effective: '2026-06-04 00:00' },
    { what: 'midnight itself', confirmed: '2026-06-02T00:00:00', effective: '2026-06-05 00:00' },
    {
      what: 'an hour that still belongs to the previous day in UTC',
      confirmed: '2026-06-02T08:59:59',
      effective: '2026-06-05 00:00',
    },
    { what: 'a leap day', confirmed: '2028-02-29T12:00:00', effective: '2028-03-03 00:00' },
  ])('when it is confirmed on $what', ({ confirmed, effective }) => {
    expect(inTokyo(businessDayAfter(at(confirmed), 3))).toBe(effective)
  })
})

const anyInstant = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-12-20T00:00:00Z'),
  noInvalidDate: true,
})
const dateOf = (instant: number) => inTokyo(instant).slice(0, 10)
const isFree = (instant: number) => {
  const date = dateOf(instant)
  const weekday = new Date(instant + 9 * hour).getUTCDay()
  return weekday === 0 || weekday === 6 || holidays.includes(date) || /-12-(29|30|31)$|-01-0[1-3]$/.test(date)
}

describe('for any instant of 2026 and 2027, according to the table of holidays', () => {
  test('the result is midnight in Tokyo of a business day, and exactly three business days have begun since', () => {
    fc.assert(
      fc.property(anyInstant, date => {
        const from = date.getTime()
        const effective = businessDayAfter(from, 3)
        expect(inTokyo(effective)).toMatch(/ 00:00$/)
        expect(isFree(effective)).toBe(false)
        const midnights = []
        for (let next = at(`${dateOf(from)}T00:00:00`) + day; next <= effective; next += day) midnights.push(next)
        expect(midnights.filter(midnight => !isFree(midnight))).toHaveLength(3)
      }),
      { numRuns: 1000 },
    )
  })

  test('the result is never earlier for a later confirmation, and is the same for the whole day', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 0, max: 40 * day }), (date, later) => {
        const from = date.getTime()
        expect(businessDayAfter(from + later, 3)).toBeGreaterThanOrEqual(businessDayAfter(from, 3))
        expect(businessDayAfter(at(`${dateOf(from)}T00:00:00`), 3)).toBe(businessDayAfter(from, 3))
      }),
    )
  })
})

test('national holidays are known until 2028 at least', () => {
  expect(holidaysKnownUntil() > '2028').toBe(true)
})
