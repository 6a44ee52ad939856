/**
 * How many AReqs of each directory server are being worked on in this process. One that is given up after its time still
 * counts until its work is over: otherwise a slow database would be asked ever more.
 */
export class Lanes {
  readonly #busy = new Map<string, number>()
  readonly #toldAt = new Map<string, number>()

  /** Runs `work` unless `most` are under way for this directory server; undefined then, and at once. */
  enter<Answer>(id: string, most: number, work: () => Promise<Answer>): Promise<Answer> | undefined {
    const busy = this.#busy.get(id) ?? 0
    if (busy >= most) return undefined
    this.#busy.set(id, busy + 1)
    return work().finally(() => this.#busy.set(id, (this.#busy.get(id) ?? 1) - 1))
  }

  /** Whether to say so: once a second is enough for a log that has to bear a flood. */
  tells(id: string, now: number): boolean {
    const last = this.#toldAt.get(id)
    if (last !== undefined && Math.abs(now - last) < 1000) return false
    this.#toldAt.set(id, now)
    return true
  }
}
