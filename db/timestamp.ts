/** An instant (milliseconds since the epoch) as PostgreSQL reads it. Back: `Date.parse`. */
export function toTimestamp(instant: number): string {
  return new Date(instant).toISOString()
}
