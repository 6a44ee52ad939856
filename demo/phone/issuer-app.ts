import { randomUUID } from 'node:crypto'
import { AppDevice, type Shown } from './app-device.ts'
import type { AppNotification } from './app-push.ts'
import type { Product } from './browser.ts'
import type { Phone } from './phone.ts'

export const appPath = '/phone/app'

/** What the product answered to a call: its data, or the code of its error (docs/approval-devices.md). */
type Answer = { readonly data: Readonly<Record<string, unknown>> } | { readonly problem: string }

/** What the app shows when it is opened. */
export type AppScreen =
  | { readonly kind: 'unpaired' }
  | { readonly kind: 'nothing-waits' }
  | { readonly kind: 'waiting'; readonly request: Shown['request'] }
  | { readonly kind: 'problem'; readonly problem: string }

/** The issuer's own app on the phone: pairs its device, shows the request that waits, and answers it. */
export class IssuerApp {
  readonly #phone: Phone
  readonly #product: Product
  readonly #now: () => Date
  #shown: Shown | undefined
  #inquiredAt = 0

  constructor(phone: Phone, product: Product, now: () => Date) {
    this.#phone = phone
    this.#product = product
    this.#now = now
  }

  get isPaired(): boolean {
    return this.#paired !== undefined
  }

  get #paired() {
    return this.#phone.memory.contents.app
  }

  /** Pairs the phone with the code on the owner's page. Returns the code of an error, or undefined. */
  async pair(code: string): Promise<string | undefined> {
    const device = new AppDevice()
    const answer = await this.#call('pair', await device.pairing(this.#product.origin, code))
    if ('problem' in answer) return answer.problem
    const { id } = answer.data.device as { readonly id: string }
    this.#phone.memory.contents.app = { id, privateKey: device.privateKey }
    this.#phone.memory.save()
    return undefined
  }

  /** The app is deleted, and its key with it. */
  forget(): void {
    this.#phone.memory.contents.app = undefined
    this.#phone.memory.save()
  }

  async open(): Promise<AppScreen> {
    const paired = this.#paired
    if (!paired) return { kind: 'unpaired' }
    // Each inquiry has a later time than the one before.
    this.#inquiredAt = Math.max(this.#now().getTime(), this.#inquiredAt + 1)
    const device = new AppDevice(paired.privateKey)
    const inquiry = await device.inquiry(this.#product.origin, paired.id, new Date(this.#inquiredAt))
    const answer = await this.#call('request', inquiry)
    if ('problem' in answer) return { kind: 'problem', problem: answer.problem }
    const { request, nonce } = answer.data as unknown as { request: Shown['request'] | null; nonce: string }
    this.#shown = request ? { request, nonce } : undefined
    return request ? { kind: 'waiting', request } : { kind: 'nothing-waits' }
  }

  /** Approves what was shown, with the number that was typed. Returns `approved` or the code of an error. */
  async approve(number: string): Promise<string> {
    const [paired, shown] = [this.#paired, this.#shown]
    if (!paired || !shown) return 'request-over'
    const device = new AppDevice(paired.privateKey)
    return this.#answer('approve', await device.approval(this.#product.origin, paired.id, shown, number))
  }

  /** Declines or reports what was shown. Returns that, or the code of an error. */
  async refuse(answer: 'declined' | 'reported'): Promise<string> {
    const [paired, shown] = [this.#paired, this.#shown]
    if (!paired || !shown) return 'request-over'
    const device = new AppDevice(paired.privateKey)
    return this.#answer('refuse', await device.refusal(this.#product.origin, paired.id, shown, answer))
  }

  /** Shows a push on the lock screen. */
  notify({ device, request, title, body, language }: AppNotification): 'shown' | 'unknown' {
    if (this.#paired?.id !== device) return 'unknown'
    const arrivedAt = this.#now().toISOString()
    this.#phone.show({ id: randomUUID(), title, body, language, navigate: appPath, tag: request, arrivedAt })
    return 'shown'
  }

  async #answer(path: string, body: object): Promise<string> {
    const answer = await this.#call(path, body)
    return 'problem' in answer ? answer.problem : String(answer.data.state)
  }

  async #call(path: string, body: object): Promise<Answer> {
    const answer = await fetch(`http://localhost:${this.#product.port}/api/devices/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(() => undefined)
    const json = (await answer?.json().catch(() => undefined)) as Record<string, unknown> | undefined
    if (answer?.ok && json) return { data: json }
    return { problem: (json?.error as { code?: string } | undefined)?.code ?? 'no-answer' }
  }
}
