/** So many in a second, and as many at once after a quiet one. Counts in this process alone. */
export class Rate {
  readonly #left = new Map<string, { tokens: number; at: number }>()

  /** Takes one for a caller, if there is one left. Times in milliseconds. */
  take(caller: string, perSecond: number, now: number): boolean {
    const known = this.#left.get(caller) ?? { tokens: perSecond, at: now }
    const since = Math.max(0, now - known.at)
    const tokens = Math.min(perSecond, known.tokens + (since * perSecond) / 1000)
    const granted = tokens >= 1
    this.#left.set(caller, { tokens: granted ? tokens - 1 : tokens, at: now })
    return granted
  }
}
