import type { Instant } from './instant.ts'

// Ids of rows are UUIDv7, so they can be compared with times. Partitions of tables are months of ids, in UTC.

/** The smallest UUIDv7 that can be made at a time or later: ids of earlier rows are less, all others are not. */
export function firstIdAt(at: Instant): string {
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`
}

/** The beginning of the month of a time, and of as many months after it as `count` says in all. */
export function monthsFrom(at: Instant, count: number): Instant[] {
  const date = new Date(at)
  return Array.from({ length: count }, (_, month) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + month))
}

/** The beginning of the month of a time. */
export function monthOf(at: Instant): Instant {
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
}
