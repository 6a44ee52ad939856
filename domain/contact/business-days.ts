import holidays from '@holiday-jp/holiday_jp'
import type { Instant } from '#domain/kernel/instant.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour
/** UTC offset of Tokyo, which has no daylight saving time. */
const tokyo = 9 * hour

/**
 * Midnight in Tokyo at the start of the `count`th business day after the day of `from`: 3 from any time of an ordinary
 * Monday is Thursday 00:00. Business days are Monday to Friday, except national holidays and 29 December to 3 January.
 */
export function businessDayAfter(from: Instant, count: number): Instant {
  let dayNumber = Math.floor((from + tokyo) / day)
  for (let left = count; left > 0; ) {
    dayNumber += 1
    if (isBusinessDay(dayNumber)) left -= 1
  }
  return dayNumber * day - tokyo
}

/** `dayNumber`: days since 1 January 1970, a Thursday. */
function isBusinessDay(dayNumber: number): boolean {
  const date = new Date(dayNumber * day)
  const [weekday, month, dayOfMonth] = [date.getUTCDay(), date.getUTCMonth() + 1, date.getUTCDate()]
  if (weekday === 0 || weekday === 6) return false
  if ((month === 12 && dayOfMonth >= 29) || (month === 1 && dayOfMonth <= 3)) return false
  return !(date.toISOString().slice(0, 10) in holidays.holidays)
}

/** The last national holiday that is known, YYYY-MM-DD. */
export function holidaysKnownUntil(): string {
  return Object.keys(holidays.holidays).sort().at(-1) ?? ''
}
