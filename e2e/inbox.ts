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

const hour = 3600
const day = 24 * hour

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

  /** The codes in mails since the test began, newest first. Notices have none. */
  async codes(to: string): Promise<string[]> {
    return codesIn(await this.mails(to))
  }

  /** The `nth` code of this test to the address, once it has arrived. */
  async codeFor(to: string, nth = 1): Promise<string> {
    await poll(async () => (await this.codes(to)).length, `code ${nth} to ${to}`).toBe(nth)
    const [newest = ''] = await this.codes(to)
    return newest
  }

  /** The code in the newest mail to the address that has one. */
  async newestCode(to: string): Promise<string> {
    const [newest] = await this.codes(to)
    if (!newest) throw new Error(`no code to ${to}`)
    return newest
  }

  /** The link in the newest mail that has one. */
  async linkTo(to: string): Promise<string | undefined> {
    const links = (await this.mails(to)).map(({ text }) => /https?:\/\/\S+/.exec(text)?.[0])
    return links.find(link => link !== undefined)
  }

  /** The newest code to the number, once one has arrived. */
  async codeByText(to: string): Promise<string> {
    const codes = async () => codesIn(await this.texts(to))
    await poll(async () => (await codes()).length, `a code to ${to}`).not.toBe(0)
    const [newest = ''] = await codes()
    return newest
  }

  /** The newest code to an address or number that this method has not returned before, ignoring notices. */
  async freshCode(channel: 'email' | 'sms', to: string): Promise<string> {
    const fresh = async () => {
      const messages = await this.#messages(to, channel)
      const [code] = codesIn(messages.filter(({ id }) => !this.#taken.has(id)))
      // Codes before it are not valid any more.
      if (code) for (const { id } of messages) this.#taken.add(id)
      return code
    }
    let code: string | undefined
    await poll(async () => {
      code = await fresh()
      return code
    }, `a code to ${to}`).toBeTruthy()
    return code ?? ''
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
   * Prepares a new test: starts all gateways, hides older mail, and advances the product's clock to the next time that it
   * is ten o'clock in Tokyo, because limits count per hour and per day. At that time a test is not near midnight, in Tokyo
   * or in UTC, whenever it runs.
   */
  async startAnew(): Promise<void> {
    await this.fault({ smtp: 'up', sms: 'up', ds: 'up' })
    const sinceTen = Math.floor(Date.parse(await this.advance(1)) / 1000 - hour) % day
    this.#since = await this.advance(day - sinceTen)
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

function codesIn(messages: readonly Mail[]): string[] {
  return messages.flatMap(({ text }) => sixDigits.exec(text)?.[0] ?? [])
}

/** A code of the right form other than this one. */
export function otherThan(code: string): string {
  return code.replace(/^\d/, first => String((Number(first) + 1) % 10))
}
