/** Gateways that can be made to fail in the demo, to see what cardholders and operators then experience. */
export const gateways = ['smtp', 'sms', 'push', 'ds'] as const
export type Gateway = (typeof gateways)[number]

/** `down` refuses, `slow` answers after {@link slowness}, `gone` (push) says that the device has unsubscribed. */
export type Condition = 'up' | 'slow' | 'down' | 'gone'

const common = ['up', 'slow', 'down'] as const
export const conditions: Record<Gateway, readonly Condition[]> = {
  smtp: common,
  sms: common,
  push: [...common, 'gone'],
  ds: common,
}

/** Longer than an ACS waits for the answer to an RReq (5 s), so that `slow` has an effect. Milliseconds. */
export const slowness = 8_000

export type FaultState = Record<Gateway, Condition>

/** The faults, shared by inbox and shop. Kept in memory, so a restart clears them. */
export class Faults {
  readonly #state: FaultState = { smtp: 'up', sms: 'up', push: 'up', ds: 'up' }
  readonly #listeners = new Set<() => Promise<void>>()

  of(gateway: Gateway): Condition {
    return this.#state[gateway]
  }

  state(): FaultState {
    return { ...this.#state }
  }

  /** Resolves once every listener has applied the change, so that a caller who sets `down` finds the gateway down. */
  async set(changes: Partial<FaultState>): Promise<FaultState> {
    Object.assign(this.#state, changes)
    await Promise.all([...this.#listeners].map(follow => follow()))
    return this.state()
  }

  onChange(follow: () => Promise<void>): () => void {
    this.#listeners.add(follow)
    return () => this.#listeners.delete(follow)
  }
}
