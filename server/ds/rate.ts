/**
 * A token bucket: allows a number of calls per second, and that many at once after a quiet second. Counts in this
 * process only.
 */
export class Rate {
  readonly #left = new Map<string, { tokens: number; at: number }>()

  /** Takes one token of a caller's, if there is one left. Times in milliseconds. */
  take(caller: string, perSecond: number, now: number): boolean {
    const known = this.#left.get(caller) ?? { tokens: perSecond, at: now }
    const since = Math.max(0, now - known.at)
    const tokens = Math.min(perSecond, known.tokens + (since * perSecond) / 1000)
    const granted = tokens >= 1
    this.#left.set(caller, { tokens: granted ? tokens - 1 : tokens, at: now })
    return granted
  }
}
