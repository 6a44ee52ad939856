import { expect } from '@playwright/test'
import { poll } from './poll.ts'

export interface Mail {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly sentAt: string
}

/** A code, but not six digits within a link. */
const sixDigits = /(?<![\w-])\d{6}(?![\w-])/

type Condition = 'up' | 'slow' | 'down'

/** The demo's inbox, with the product's clock and the switches that make a gateway fail. */
export class Inbox {
  readonly #origin: string
  readonly #secret: () => string
  #since = new Date(0).toISOString()
  readonly #taken = new Set<string>()

  constructor(origin: string, secret: () => string) {
    this.#origin = origin
    this.#secret = secret
  }

  /** Mail since the test began, newest first. */
  mails(to: string): Promise<Mail[]> {
    return this.#messages(to, 'email')
  }

  /** Text messages since the test began, newest first. */
  texts(to: string): Promise<Mail[]> {
    return this.#messages(to, 'sms')
  }

  async #messages(to: string, channel: 'email' | 'sms'): Promise<Mail[]> {
    const query = new URLSearchParams({ to, channel, since: this.#since })
    const response = await fetch(`${this.#origin}/api/messages?${query}`)
    expect(response.status).toBe(200)
    return await response.json()
  }

  /** Resolves when a mail to the address contains this merchant's name. */
  async mailFrom(merchantName: string, to: string): Promise<void> {
    const named = async () => (await this.mails(to)).some(({ text }) => text.includes(merchantName))
    await poll(named, `mail for a payment to ${merchantName}`).toBe(true)
  }

  async codes(to: string): Promise<string[]> {
    return (await this.mails(to)).map(codeIn)
  }

  /** The code in the `nth` mail of this test to the address, once it has arrived. */
  async codeFor(to: string, nth = 1): Promise<string> {
    await poll(async () => (await this.codes(to)).length, `mail ${nth} to ${to}`).toBe(nth)
    const [newest = ''] = await this.codes(to)
    return newest
  }

  /** The code in the newest mail to the address that has one. */
  async newestCode(to: string): Promise<string> {
    return newestCodeIn(await this.mails(to))
  }

  async newestTextCode(to: string): Promise<string> {
    return newestCodeIn(await this.texts(to))
  }

  /** The link in the newest mail that has one. */
  async linkTo(to: string): Promise<string | undefined> {
    const links = (await this.mails(to)).map(({ text }) => /https?:\/\/\S+/.exec(text)?.[0])
    return links.find(link => link !== undefined)
  }

  /** The code in the newest text message to the number, once one has arrived. */
  async codeByText(to: string): Promise<string> {
    await poll(async () => (await this.texts(to)).length, `a text message to ${to}`).not.toBe(0)
    return (await this.texts(to)).map(codeIn)[0] ?? ''
  }

  /** The newest code to an address or number that this method has not returned before, ignoring notices. */
  async freshCode(channel: 'email' | 'sms', to: string): Promise<string> {
    const fresh = async () =>
      (await this.#messages(to, channel)).find(({ id, text }) => sixDigits.test(text) && !this.#taken.has(id))
    await poll(async () => (await fresh()) !== undefined, `a code to ${to}`).toBe(true)
    const message = await fresh()
    if (!message) throw new Error(`no code to ${to}`)
    // Codes before it are not valid any more.
    for (const { id } of await this.#messages(to, channel)) this.#taken.add(id)
    return codeIn(message)
  }

  /** Advances the product's clock. */
  async advance(seconds: number): Promise<string> {
    const { now } = await this.#tell('clock', { advanceSeconds: seconds })
    return String(now)
  }

  async fault(gateways: Partial<Record<'smtp' | 'sms' | 'ds', Condition>>): Promise<void> {
    await this.#tell('faults', gateways)
  }

  /**
   * Prepares a new test: starts all gateways, hides older mail, and advances the product's clock by at least one hour
   * to the beginning of an hour, because limits count per hour of the clock.
   */
  async startAnew(): Promise<void> {
    await this.fault({ smtp: 'up', sms: 'up', ds: 'up' })
    const now = Date.parse(await this.advance(1))
    this.#since = await this.advance(2 * 3600 - (Math.floor(now / 1000) % 3600))
  }

  async #tell(front: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#origin}/api/${front}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-demo-secret': this.#secret() },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(200)
    return await response.json()
  }
}

function newestCodeIn(messages: readonly Mail[]): string {
  const code = messages.map(({ text }) => sixDigits.exec(text)?.[0]).find(found => found !== undefined)
  if (!code) throw new Error('no message with a code')
  return code
}

function codeIn({ text }: Mail): string {
  const code = sixDigits.exec(text)
  if (!code) throw new Error('a mail without a code')
  return code[0]
}

/** A code of the right form other than this one. */
export function otherThan(code: string): string {
  return code.replace(/^\d/, first => String((Number(first) + 1) % 10))
}
