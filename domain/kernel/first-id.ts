import type { Instant } from './instant.ts'

/** The smallest UUIDv7 that can be made at a time or later: ids of earlier rows are less, all others are not. */
export function firstIdAt(at: Instant): string {
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`
}
