import { expect } from '@playwright/test'
import { type Form, formsIn } from '../demo/phone/forms.ts'
import type { Message, Order } from './shop.ts'

/** Sends the posts of a browser, without one. */
export class Visitor {
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Posts the form of a merchant's page. */
  postCReq(
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(`${this.#origin}/acs/challenge`, {
      method: 'POST',
      headers: { origin: 'http://merchant.localhost', ...headers },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    })
  }

  /** Opens the window of an order, and returns its address. */
  async open(order: Order, session: Readonly<Record<string, string>> = {}): Promise<string> {
    const response = await this.postCReq({ creq: encode(creqOf(order)), ...session })
    expect(response.status).toBe(303)
    return response.headers.get('location') ?? ''
  }

  async get(path: string): Promise<Response> {
    return await fetch(`${this.#origin}${path}`, { redirect: 'manual' })
  }

  async html(path: string): Promise<string> {
    const response = await this.get(path)
    expect(response.status).toBe(200)
    return await response.text()
  }

  /** The window's form that contains `mark`: a field or the button's text. */
  async form(path: string, mark: string): Promise<Form> {
    const found = formsIn(await this.html(path)).find(({ html }) => html.includes(mark))
    if (!found) throw new Error(`no form with ${mark}`)
    return found
  }

  /** Posts a form of the window as browsers do without scripts. */
  submit(
    path: string,
    form: Form,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...form.fields, ...fields })) body.append(name, value)
    return fetch(`${this.#origin}${path}`, {
      method: 'POST',
      headers: { origin: this.#origin, ...headers },
      body,
      redirect: 'manual',
    })
  }

  async enter(path: string, code: string): Promise<Response> {
    return this.submit(path, await this.form(path, 'name="code"'), { code })
  }

  /** The form on the window's last page, which leads back to the merchant. */
  async returnForm(path: string): Promise<Form> {
    return this.form(`${path}/return`, 'id="return"')
  }
}

/** The CReq that the shop's page would post for an order. */
export function creqOf({ ares }: Order): Message {
  return {
    messageType: 'CReq',
    messageVersion: ares.messageVersion,
    threeDSServerTransID: ares.threeDSServerTransID,
    acsTransID: ares.acsTransID,
    challengeWindowSize: '02',
  }
}

export function encode(message: unknown): string {
  return Buffer.from(JSON.stringify(message)).toString('base64url')
}

export function decode(text = ''): Message {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
}
