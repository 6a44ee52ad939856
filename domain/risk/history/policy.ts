import type { Instant } from '#domain/kernel/instant.ts'
import { day } from './rows.ts'

export const historyPolicy = {
  /** How long rows of merchants, networks and devices are kept that do not change, milliseconds. */
  keptFor: 90 * day,
} as const

/** The beginning of the day of a time, in UTC: rows are stored with no more. */
export function dayOf(at: Instant): Instant {
  return at - (at % day)
}
