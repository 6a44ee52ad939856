/** Formats an instant (milliseconds since the epoch) for PostgreSQL. `Date.parse` is the inverse. */
export function toTimestamp(instant: number): string {
  return new Date(instant).toISOString()
}
