import type { Instant } from '#domain/kernel/instant.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** Japan has no summer time. */
const tokyo = 9 * hour

/** The day in Tokyo, as the seasons and days of the week see it. */
export interface CalendarDay {
  /** 0 Sunday to 6 Saturday. */
  readonly weekday: number
  /** 0 January to 11 December. */
  readonly month: number
  readonly date: number
}

export function calendarDay(at: Instant): CalendarDay {
  const date = new Date(at + tokyo)
  return { weekday: date.getUTCDay(), month: date.getUTCMonth(), date: date.getUTCDate() }
}

/**
 * How much more is bought on a day than on average: weekends, the sales of large marketplaces on days with a 5 or 0,
 * pay-day, the summer and winter bonus, the end of the year.
 */
export function busyness({ weekday, month, date }: CalendarDay): number {
  const week = weekday === 0 || weekday === 6 ? 1.25 : 0.92
  const sale = date % 5 === 0 ? 1.2 : 0.96
  const payday = date >= 25 && date <= 28 ? 1.12 : 1
  const season = [1, 0.85, 1.05, 0.95, 0.97, 0.98, 1.1, 0.97, 0.95, 0.97, 1.05, 1.4][month] ?? 1
  return week * sale * payday * season
}

/** Golden Week, Obon, New Year: most trips begin then. */
export function holidays({ month, date }: CalendarDay): boolean {
  return (
    (month === 3 && date >= 28) ||
    (month === 4 && date <= 5) ||
    (month === 7 && date >= 9 && date <= 16) ||
    (month === 11 && date >= 27)
  )
}
