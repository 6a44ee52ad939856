import { setTimeout as pause } from 'node:timers/promises'
import type { Language } from '../language.ts'
import { offerOf, performCeremony } from './ceremonies.ts'
import { formsIn } from './forms.ts'
import type { IssuerApp } from './issuer-app.ts'
import type { Phone } from './phone.ts'

/** What the set-up needs of the demo around the phone. */
export interface Helpers {
  /** A new letter's activation code for the cardholder, from the command that an issuer would use. */
  readonly letter: () => Promise<string>
  /** Ids of the messages that have arrived at an address or number, the newest first, with their texts. */
  readonly messages: (to: string) => readonly { readonly id: string; readonly text: string }[]
}

/** A cardholder of demo/cards.ndjson, whose phone this is. */
export const owner = {
  id: 'demo-mei',
  email: 'mei@cardholder.example',
  mobile: '+81 90-3456-7890',
} as const

/** The button that shows a code for the issuer's app. */
const showCode: Readonly<Record<Language, string>> = { ja: '端末コードを表示する', en: 'Show a code' }

/**
 * Does on the product's pages what a cardholder does to approve payments on the phone: enrols with a letter and codes,
 * makes a passkey, registers this browser with notifications, and pairs the issuer's app. Every step is a form of a real page. Throws if a page is not as expected.
 */
export async function setUp(phone: Phone, app: IssuerApp, language: Language, helpers: Helpers): Promise<void> {
  const account = `/${language}/account`
  const visit = new Visit(phone, language)
  const code = codesOf(helpers)
  phone.forgetSite()
  const enrol = `${account}/enrol`
  await visit.submit(enrol, 'name="activationCode"', { activationCode: await helpers.letter() })
  const textCode = await code(owner.mobile, () => visit.submit(enrol, 'value="sms"'))
  await visit.submit(enrol, 'name="code"', { code: textCode })
  const mailCode = await code(owner.email, () => visit.submit(enrol, 'name="email"', { email: owner.email }))
  await visit.submit(enrol, 'name="code"', { code: mailCode })
  await visit.submit(enrol, 'name="accepted"')
  for (const page of ['passkeys', 'devices', 'approve']) await visit.perform(`${account}/${page}`)
  await visit.submit(`${account}/devices`, showCode[language])
  const devices = await phone.browser.page(`${account}/devices`, language)
  const pairingCode = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(devices)?.[0] ?? ''
  const problem = await app.pair(pairingCode)
  if (problem) throw new Error(`pairing: ${problem}`)
  await visit.submit(`${account}/settings`, 'value="push"', { preferredMethod: 'push' })
}

/** Submits forms of the product's pages in the phone's browser. */
class Visit {
  readonly #phone: Phone
  readonly #language: Language

  constructor(phone: Phone, language: Language) {
    this.#phone = phone
    this.#language = language
  }

  /** Does what the page's script offers. */
  async perform(path: string): Promise<void> {
    const { browser, isSubscribed } = this.#phone
    const offer = offerOf(path, await browser.page(path, this.#language), isSubscribed)
    const done = offer && (await performCeremony(this.#phone, offer, this.#language))
    if (done !== 'done') throw new Error(`${path}: ${done ?? 'nothing is offered'}`)
  }

  /** Submits the page's form that contains `mark`. */
  async submit(path: string, mark: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const form = formsIn(await this.#phone.browser.page(path, this.#language)).find(each => each.html.includes(mark))
    if (!form) throw new Error(`no form with ${mark} at ${path}`)
    const data = new FormData()
    for (const [name, value] of Object.entries({ ...form.fields, ...fields })) data.set(name, value)
    const whole = new Response(data)
    const { status } = await this.#phone.browser.fetch({
      method: 'POST',
      path,
      language: this.#language,
      contentType: whole.headers.get('content-type') ?? '',
      body: Buffer.from(await whole.arrayBuffer()),
    })
    this.#phone.memory.save()
    if (status !== 303) throw new Error(`${path} answered ${status} to the form with ${mark}`)
  }
}

/** Waits for the code that a step sends. */
function codesOf({ messages }: Helpers) {
  return async (to: string, step: () => Promise<void>): Promise<string> => {
    const before = new Set(messages(to).map(({ id }) => id))
    await step()
    for (let tries = 0; tries < 300; tries++) {
      const fresh = messages(to).find(({ id }) => !before.has(id))
      const code = fresh && /(?<![\w-])\d{6}(?![\w-])/.exec(fresh.text)?.[0]
      if (code) return code
      await pause(50)
    }
    throw new Error(`no code has come to ${to}`)
  }
}
