/**
 * Limits how many AReqs of each directory server this process works on at once. One that was answered because its time was up
 * still occupies its place until its work is over: otherwise a slow database would be asked ever more.
 */
export class ConcurrencyLimiter {
  readonly #running = new Map<string, number>()
  readonly #loggedAt = new Map<string, number>()

  /** Runs `work` unless `maxConcurrent` are running for this directory server; undefined then, and at once. */
  run<Answer>(id: string, maxConcurrent: number, work: () => Promise<Answer>): Promise<Answer> | undefined {
    const running = this.#running.get(id) ?? 0
    if (running >= maxConcurrent) return undefined
    this.#running.set(id, running + 1)
    return work().finally(() => this.#running.set(id, (this.#running.get(id) ?? 1) - 1))
  }

  /** Whether to log a refusal: once a second is enough for a log that has to bear a flood. */
  shouldLog(id: string, now: number): boolean {
    const last = this.#loggedAt.get(id)
    if (last !== undefined && Math.abs(now - last) < 1000) return false
    this.#loggedAt.set(id, now)
    return true
  }
}
