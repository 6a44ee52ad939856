import { expect } from '@playwright/test'
import { type Form, formsIn } from '../demo/phone/forms.ts'
import { poll } from './poll.ts'

export type Message = Readonly<Record<string, unknown>>

export const cards = {
  hanako: '378282246310005',
  alex: '371449635398431',
  ken: '378734493671000',
  mei: '375555555550003',
  yui: '370000000000002',
  stolen: '341111111111111',
  expired: '340000000000009',
  unknown: '370000000100018',
  foreign: '4111111111111111',
} as const

export const addresses = {
  hanako: 'hanako@cardholder.example',
  alex: 'alex@cardholder.example',
  ken: 'ken@cardholder.example',
} as const

export const numbers = {
  hanako: '+819012345678',
  alex: '+818023456789',
} as const

export interface OrderRequest {
  readonly card?: string
  readonly amount?: number
  readonly currency?: 'JPY' | 'USD'
  readonly locale?: 'ja' | 'en'
  readonly challengeInd?: string
  readonly windowSize?: '01' | '02' | '03' | '04' | '05'
  readonly messageVersion?: '2.1.0' | '2.2.0' | '2.3.1'
  readonly presentation?: 'page' | 'iframe' | 'sandbox' | 'strict'
  readonly merchantName?: string
  readonly email?: string
  /** `away`: the shop charges without the cardholder, and permits decoupled authentication. */
  readonly cardholder?: 'here' | 'away'
  /** Overrides the AReq's own fields; null removes one. */
  readonly areq?: Message
}

export interface Order {
  readonly orderId: string
  readonly status: string
  readonly problem: string | null
  readonly checkoutURL: string
  readonly orderURL: string
  readonly areq: Message
  readonly ares: Message
  readonly creq: Message | null
  readonly cres: Message | null
  readonly rreq: Message | null
  readonly rres: Message | null
  readonly erro: Message | null
  /** All messages, oldest first, repeats included. */
  readonly messages: readonly { readonly at: string; readonly message: string; readonly body: Message }[]
}

/** The demo shop's API. */
export class Shop {
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Makes an order. By default Hanako buys for ¥12,800, which is challenged, and the window is a page. */
  async order(request: OrderRequest = {}): Promise<Order> {
    const ordinary = { card: cards.hanako, amount: 12_800, currency: 'JPY', locale: 'ja', presentation: 'page' }
    const response = await fetch(`${this.#origin}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...ordinary, ...request }),
    })
    const order = await response.json()
    if (!response.ok) throw new Error(`The shop refuses the order: ${JSON.stringify(order)}`)
    return order
  }

  async see({ orderId }: Pick<Order, 'orderId'>): Promise<Order> {
    const response = await fetch(`${this.#origin}/api/orders/${orderId}`)
    expect(response.status).toBe(200)
    return await response.json()
  }

  /** The form of the shop's checkout, which opens the window. */
  async checkoutForm({ orderId }: Pick<Order, 'orderId'>): Promise<Form> {
    const response = await fetch(`${this.#origin}/orders/${orderId}/checkout`)
    const form = formsIn(await response.text()).find(({ fields }) => 'creq' in fields)
    if (!form) throw new Error('The checkout has no form with a CReq.')
    return form
  }

  /** The order once the directory server has its result. */
  async result(order: Pick<Order, 'orderId'>): Promise<Order> {
    await poll(async () => (await this.see(order)).rreq, 'an RReq').toBeTruthy()
    return this.see(order)
  }

  /** The order once the window has led back. */
  async returned(order: Pick<Order, 'orderId'>): Promise<Order> {
    const back = async () => {
      const { cres, erro } = await this.see(order)
      return cres ?? erro
    }
    await poll(back, 'a CRes or an Erro').toBeTruthy()
    return this.see(order)
  }
}

/** How often a message was exchanged. */
export function count(order: Order, message: string): number {
  return order.messages.filter(passed => passed.message === message).length
}
