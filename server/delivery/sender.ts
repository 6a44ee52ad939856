import { leaseDue, type OutboxRow, type Queue } from '#db/queries/outbox.ts'
import { policy } from '#domain/challenge/policy.ts'
import { resultLease, sendResult } from '../acs/report-result.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { Hosts } from './hosts.ts'
import { sendMessage } from './outbox.ts'
import { gatewayHost } from './sms.ts'

type Kind = OutboxRow['kind']

/** Added to the longest time that a try may take, for what we do before and after it. Milliseconds. */
const margin = 5000

/** For how long a row is leased: longer than a try may take, so that no two senders have the same row. */
export function leaseOf(kind: Kind): number {
  switch (kind) {
    case 'email':
      return policy.mailTimeout + margin
    case 'sms':
      return config().smsGateways.length * policy.smsTimeout + margin
    case 'rreq':
      return resultLease
  }
}

/** Sends what is due in the outbox, for one process. */
export class Sender {
  readonly #hosts = new Hosts()
  /** Tries under way of rows that were tried before, by queue. */
  readonly #again = new Map<string, number>()
  readonly #underWay = new Set<Promise<void>>()

  /**
   * Starts sending what is due of a kind. Each queue has slots of its own, so that a host that hangs holds up no other; of
   * rows that were tried before, half as many are under way at most, so that messages that hang leave room for new ones. Never
   * says that more is left: there is room only when something has come back.
   */
  async startDue(kind: Kind): Promise<false> {
    for (const queue of queuesOf(kind)) {
      for (const tried of ['never', 'before'] as const) {
        const most = this.#free(queue, tried)
        if (most <= 0) continue
        const rows = await leaseDue(queue, tried, { now: now(), lease: leaseOf(kind), most })
        for (const row of rows) this.#start(queue, tried, row)
      }
    }
    return false
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  #free(queue: Queue, tried: 'never' | 'before'): number {
    const slots = policy.slotsPerHost[queue.kind]
    const gateways =
      queue.kind === 'sms' ? config().smsGateways.map(name => this.#hosts.free(gatewayHost(name), slots)) : []
    const free = Math.min(
      this.#hosts.free(nameOf(queue), slots),
      ...(gateways.length > 0 ? [Math.max(...gateways)] : []),
    )
    return tried === 'never' ? free : Math.min(free, slots / 2 - (this.#again.get(nameOf(queue)) ?? 0))
  }

  #start(queue: Queue, tried: 'never' | 'before', row: OutboxRow): void {
    const name = nameOf(queue)
    const count = (change: 1 | -1) => {
      if (tried === 'before') this.#again.set(name, (this.#again.get(name) ?? 0) + change)
    }
    const send = () => (row.kind === 'rreq' ? sendResult(row) : sendMessage(row, this.#hosts))
    count(1)
    const sending = this.#hosts
      .enter(name, send, answered => answered)
      .catch(error => log.error('outbox.failed', { outboxId: row.id, kind: row.kind, error }))
      .then(() => {
        count(-1)
        this.#underWay.delete(sending)
      })
    this.#underWay.add(sending)
  }
}

/** Every directory server's host has a queue of its own. The last one has what goes to a host that is named no longer. */
function queuesOf(kind: Kind): Queue[] {
  if (kind !== 'rreq') return [{ kind, host: '' }]
  const hosts = [...new Set(config().issuer.directoryServers.flatMap(({ hosts }) => hosts))]
  return [...hosts, { noneOf: hosts }].map(host => ({ kind, host }))
}

function nameOf({ kind, host }: Queue): string {
  return typeof host === 'string' ? `${kind} ${host}` : `${kind} of others`
}
