import { afterTry, freeSlots, type HostState, isResponsive, unknownHost } from '#domain/delivery/host.ts'
import { now } from '../platform/clock.ts'

/**
 * The hosts that this process sends to: the attempts under way at each, and whether it responds. The state is in
 * memory, because it is not a limit on a person: another process finds out by itself with its first attempts
 * (docs/decisions/0020).
 */
export class Hosts {
  readonly #known = new Map<string, { state: HostState; busy: number }>()

  /** How many more attempts may start now. */
  free(host: string, slots: number): number {
    const { state, busy } = this.#of(host)
    return freeSlots(state, busy, slots, now())
  }

  /** Whether the host responds, as far as is known. */
  responds(host: string): boolean {
    return isResponsive(this.#of(host).state)
  }

  /**
   * Runs one attempt, which occupies a slot until it ends. An attempt that throws, or that made no request, does not
   * change the state of the host.
   */
  async enter<Result>(
    host: string,
    work: () => Promise<Result>,
    isAnswer: (result: Result) => boolean | undefined,
  ): Promise<Result> {
    const known = this.#of(host)
    known.busy += 1
    try {
      const result = await work()
      const answered = isAnswer(result)
      if (answered !== undefined) known.state = afterTry(known.state, answered, now())
      return result
    } finally {
      known.busy -= 1
    }
  }

  #of(host: string) {
    const known = this.#known.get(host) ?? { state: unknownHost, busy: 0 }
    this.#known.set(host, known)
    return known
  }
}
