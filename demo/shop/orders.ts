import { join } from 'node:path'
import { Journal } from '../journal.ts'
import { type Order, transactionOf } from './order.ts'

const kept = 1_000

/** The shop's orders, by their own id and by the directory server's; the newest 1,000 are kept, across restarts too. */
export class Orders {
  readonly #journal: Journal<Order>
  readonly #orders = new Map<string, Order>()
  readonly #byDsTransID = new Map<string, string>()

  constructor(dataDir: string) {
    this.#journal = new Journal(join(dataDir, 'orders.ndjson'))
    for (const order of this.#journal.read()) this.#remember(order)
    this.#compact()
  }

  find(orderId: string): Order | undefined {
    return this.#orders.get(orderId)
  }

  findByDsTransID(dsTransID: unknown): Order | undefined {
    const orderId = typeof dsTransID === 'string' ? this.#byDsTransID.get(dsTransID) : undefined
    return orderId === undefined ? undefined : this.#orders.get(orderId)
  }

  save(order: Order): void {
    this.#remember(order)
    this.#journal.append(order)
    if (this.#journal.lines > 10 * kept) this.#compact()
  }

  #remember(order: Order): void {
    this.#orders.set(order.orderId, order)
    const { dsTransID } = transactionOf(order)
    if (dsTransID !== undefined) this.#byDsTransID.set(dsTransID, order.orderId)
    for (const [orderId, oldest] of this.#orders) {
      if (this.#orders.size <= kept) break
      this.#orders.delete(orderId)
      const old = transactionOf(oldest).dsTransID
      if (old !== undefined) this.#byDsTransID.delete(old)
    }
  }

  #compact(): void {
    if (this.#journal.lines > this.#orders.size) this.#journal.replace([...this.#orders.values()])
  }
}
