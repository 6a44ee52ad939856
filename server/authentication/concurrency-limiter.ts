/**
 * Limits how many AReqs of each directory server this process handles concurrently. An AReq that was answered because
 * its time was up keeps its place until its work has finished: otherwise a slow database would get ever more queries.
 */
export class ConcurrencyLimiter {
  readonly #running = new Map<string, number>()
  readonly #loggedAt = new Map<string, number>()

  /** Runs `work`, unless `maxConcurrent` AReqs of this directory server are running: then returns undefined at once. */
  run<Answer>(id: string, maxConcurrent: number, work: () => Promise<Answer>): Promise<Answer> | undefined {
    const running = this.#running.get(id) ?? 0
    if (running >= maxConcurrent) return undefined
    this.#running.set(id, running + 1)
    return work().finally(() => this.#running.set(id, (this.#running.get(id) ?? 1) - 1))
  }

  /** Whether to log a refusal: at most once a second, so that a flood of AReqs does not flood the log. */
  shouldLog(id: string, now: number): boolean {
    const last = this.#loggedAt.get(id)
    if (last !== undefined && Math.abs(now - last) < 1000) return false
    this.#loggedAt.set(id, now)
    return true
  }
}
