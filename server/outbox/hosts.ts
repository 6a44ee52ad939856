import { afterTry, freeSlots, type HostState, unknownHost } from '#domain/delivery/host.ts'
import { now } from '../platform/clock.ts'

/**
 * The hosts that this process sends to: how many tries are under way at each, and whether it answers. In memory, for it is no
 * limit on a person: another process finds out for itself with its first tries (docs/decisions/0020).
 */
export class Hosts {
  readonly #known = new Map<string, { state: HostState; busy: number }>()

  /** How many more tries may start now. */
  free(host: string, slots: number): number {
    const { state, busy } = this.#of(host)
    return freeSlots(state, busy, slots, now())
  }

  /** One try, which occupies a slot from this moment on. One that throws, or never asked the host, says nothing about it. */
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
