import { isAnyDue, leaseDue, type OutboxRow } from '#db/queries/outbox.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Handler, Kind, QueueHost } from './handler.ts'
import { Hosts } from './hosts.ts'
import { leaseOf, tryRow } from './settle.ts'

export type Handlers = Readonly<Record<Kind, Handler>>

interface Queue {
  readonly kind: Kind
  readonly host: QueueHost
}

/**
 * The lease loop over the outbox, for one process. It manages leases, slots and order; the handlers know the kinds of
 * rows.
 */
export class Sender {
  readonly #handlers: Handlers
  readonly #hosts = new Hosts()
  /** The number of attempts under way, by queue, for rows that were tried before. */
  readonly #again = new Map<string, number>()
  readonly #underWay = new Set<Promise<void>>()

  constructor(handlers: Handlers) {
    this.#handlers = handlers
  }

  /**
   * Starts sending the due rows of a kind. Each queue has slots of its own, so that a host that hangs delays no other.
   * At most half of them are used for rows that were tried before, so that rows that hang leave room for new ones.
   * Returns false, which means that the worker need not call again at once: slots become free only when an attempt
   * ends.
   */
  async startDue(kind: Kind): Promise<false> {
    // Mostly nothing is due, and a kind may have many queues.
    if (!(await isAnyDue(kind, now()))) return false
    const handler = this.#handlers[kind]
    for (const host of handler.queues()) {
      const queue = { kind, host }
      for (const tried of ['never', 'before'] as const) {
        const most = this.#free(queue, tried)
        if (most <= 0) continue
        const rows = await leaseDue(queue, tried, { now: now(), lease: leaseOf(handler), most })
        for (const row of rows) this.#start(queue, tried, row)
      }
    }
    return false
  }

  /** Waits for the attempts under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  #free(queue: Queue, tried: 'never' | 'before'): number {
    const { slots, free } = this.#handlers[queue.kind]
    const name = nameOf(queue)
    const most = Math.min(this.#hosts.free(name, slots), free?.(this.#hosts) ?? slots)
    return tried === 'never' ? most : Math.min(most, slots / 2 - (this.#again.get(name) ?? 0))
  }

  #start(queue: Queue, tried: 'never' | 'before', row: OutboxRow): void {
    const name = nameOf(queue)
    const count = (change: 1 | -1) => {
      if (tried === 'before') this.#again.set(name, (this.#again.get(name) ?? 0) + change)
    }
    count(1)
    const sending = this.#hosts
      .enter(
        name,
        () => tryRow(this.#handlers[queue.kind], row, this.#hosts),
        answered => answered,
      )
      .catch(error => log.error('outbox.failed', { outboxId: row.id, kind: row.kind, error }))
      .then(() => {
        count(-1)
        this.#underWay.delete(sending)
      })
    this.#underWay.add(sending)
  }
}

function nameOf({ kind, host }: Queue): string {
  return typeof host === 'string' ? `${kind} ${host}` : `${kind} of others`
}
