import type { Page } from '@playwright/test'
import { formsIn } from '../demo/phone/forms.ts'
import type { Inbox } from './inbox.ts'
import type { Product } from './product.ts'
import { call } from './routes.ts'
import { expect } from './test.ts'

/** A cardholder with an activation letter. */
export interface Invited {
  readonly ref: string
  readonly mobile: string | undefined
  readonly email: string
}

/**
 * Enrols a cardholder with a letter, a code to a contact on file and a code to the address for sign-in, and leaves the
 * browser on the passkeys page, signed in with strong authentication. Sends the posts of a browser without scripts,
 * which saves the time of a browser.
 */
export async function enrol(
  page: Page,
  product: Product,
  inbox: Inbox,
  { ref, mobile, email, language }: Invited & { readonly language: 'ja' | 'en' },
  address = email,
): Promise<void> {
  const letter: string = JSON.parse(await product.cards('activation', ref)).activationCode
  const visit = new Visit(product, `/${language}/account/enrol`)
  await visit.submit('name="activationCode"', { activationCode: letter })
  const channel = mobile ? 'sms' : 'email'
  await visit.submit(`value="${channel}"`)
  await visit.submit('name="code"', { code: await inbox.freshCode(channel, mobile ?? email) })
  await visit.submit('name="email"', { email: address })
  await visit.submit('name="code"', { code: await inbox.freshCode('email', address) })
  await visit.submit('name="accepted"')
  await visit.goOnIn(page)
  await page.goto(`${product.addresses.acs}/${language}/account/passkeys`)
}

/** A page with forms, and the cookies that it sets. */
class Visit {
  readonly #product: Product
  readonly #path: string
  readonly #cookies = new Map<string, string>()

  constructor(product: Product, path: string) {
    this.#product = product
    this.#path = path
  }

  /** Submits the page's form that contains `mark`. */
  async submit(mark: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const { body: html } = await this.#call({})
    const form = formsIn(html).find(each => each.html.includes(mark))
    if (!form) throw new Error(`no form with ${mark} in ${html}`)
    const data = new FormData()
    for (const [name, value] of Object.entries({ ...form.fields, ...fields })) data.set(name, value)
    const whole = new Response(data)
    const headers = { 'content-type': whole.headers.get('content-type') ?? '' }
    const { status } = await this.#call({ method: 'POST', headers, body: Buffer.from(await whole.arrayBuffer()) })
    expect(status, mark).toBe(303)
  }

  /**
   * Passes the cookies to a browser. Playwright would give each a domain, which the prefix __Host- forbids. The session
   * stays attached: detaching makes Chromium remove the page's virtual authenticators.
   */
  async goOnIn(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page)
    const kind = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const
    for (const [name, value] of this.#cookies) {
      const { success } = await session.send('Network.setCookie', {
        ...{ name, value, ...kind },
        url: this.#product.addresses.acs,
      })
      expect(success, name).toBe(true)
    }
  }

  async #call(request: Parameters<typeof call>[3]) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await call(this.#product, this.#path, cookie, request)
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#cookies.set(name, value)
    }
    return answer
  }
}
