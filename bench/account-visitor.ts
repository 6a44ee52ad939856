import { setTimeout as pause } from 'node:timers/promises'
import type { Post } from './cardholder.ts'

/** Longest wait for an e-mail with a code, milliseconds. */
const patience = 20_000

/** A browser without scripts, reduced to its cookies and the forms of the account. */
export class AccountVisitor {
  readonly #origin: string
  readonly #cookies = new Map<string, string>()
  #page = ''
  #path = ''

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Opens a page of the account, following redirects. Throws if it is not a page of the account. */
  async open(path: string): Promise<string> {
    let address = path
    for (let hops = 0; hops < 5; hops += 1) {
      const answer = await fetch(`${this.#origin}${address}`, { headers: this.#headers(), redirect: 'manual' })
      this.#keep(answer)
      this.#page = await answer.text()
      const location = answer.headers.get('location')
      if (!location && answer.status !== 200) throw new Error(`${address} was answered ${answer.status}`)
      this.#path = address
      if (!location) return this.#page
      address = new URL(location, this.#origin).pathname
    }
    throw new Error(`${path} leads nowhere`)
  }

  /** Submits the form of the open page that has this field, or a button with this value. */
  async send(field: string, value: string): Promise<void> {
    const forms = this.#page.match(/<form[\s\S]*?<\/form>/g) ?? []
    const form =
      forms.find(each => each.includes(`name="${field}" value="${value}"`)) ??
      forms.find(each => each.includes(`name="${field}"`))
    if (!form) throw new Error(`No form with ${field} on ${this.#path}`)
    const body = new FormData()
    for (const [input] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
      const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
      body.set(attribute('name'), attribute('value'))
    }
    body.set(field, value)
    const headers = { ...this.#headers(), origin: this.#origin }
    const answer = await fetch(`${this.#origin}${this.#path}`, { method: 'POST', headers, body, redirect: 'manual' })
    this.#keep(answer)
    const location = answer.headers.get('location')
    if (!location) throw new Error(`${field} on ${this.#path} was answered ${answer.status}`)
    await this.open(new URL(location, this.#origin).pathname)
  }

  /** Enrols from the letter to the account, with codes to one e-mail address. */
  async enrol(activationCode: string, email: string, post: Post): Promise<void> {
    await this.open('/ja/account/enrol')
    await this.send('activationCode', activationCode)
    await this.send('proof', 'email')
    await this.send('code', await codeFor(email, post))
    await this.send('email', email)
    await this.send('code', await codeFor(email, post))
    await this.send('accepted', 'yes')
    if (!this.#path.endsWith('/passkeys')) throw new Error(`The enrolment ended on ${this.#path}`)
  }

  #headers(): { readonly cookie: string } {
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }

  #keep(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#cookies.set(name, value)
    }
  }
}

async function codeFor(email: string, post: Post): Promise<string> {
  for (const end = performance.now() + patience; performance.now() < end; await pause(20)) {
    const code = /(?<![\w-])\d{6}(?![\w-])/.exec(post.get(email) ?? '')?.[0]
    post.delete(email)
    if (code) return code
  }
  throw new Error(`No code came to ${email} within ${patience / 1000} s`)
}
