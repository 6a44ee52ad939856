import type { CDPSession, Locator, Page } from '@playwright/test'
import { enrol, type Invited } from './enrol.ts'
import type { Inbox } from './inbox.ts'
import type { Product } from './product.ts'
import { expect } from './test.ts'

export type Language = 'ja' | 'en'

export const words = {
  ja: {
    signIn: 'サインイン',
    overview: '会員ページ',
    enrol: 'オンライン・サービスへの登録',
    passkeys: 'パスキー',
    sessions: 'サインイン中の端末',
    confirm: 'ご本人の確認',
    error: 'エラー：',
    signOut: 'サインアウト',
    endOthers: 'ほかのすべての端末のサインインを終了する',
    signInWithPasskey: 'パスキーでサインインする',
    addPasskey: 'パスキーを追加する',
    confirmWithPasskey: 'パスキーで確認する',
    removePasskey: 'このパスキーを削除する',
    changePasskey: '名前の変更と削除',
    stay: 'サインインを続ける',
    ended: 'サインインが終了しました。',
    newDevice: '新しい端末',
  },
  en: {
    signIn: 'Sign in',
    overview: 'Your account',
    enrol: 'Enrol in online services',
    passkeys: 'Passkeys',
    sessions: 'Where you are signed in',
    confirm: 'Confirm that it is you',
    error: 'Error: ',
    signOut: 'Sign out',
    endOthers: 'Sign out all other devices',
    signInWithPasskey: 'Sign in with a passkey',
    addPasskey: 'Add a passkey',
    confirmWithPasskey: 'Confirm with a passkey',
    removePasskey: 'Remove this passkey',
    changePasskey: 'Rename or remove',
    stay: 'Stay signed in',
    ended: 'You have been signed out.',
    newDevice: 'new device',
  },
} as const

/** Cardholders of the demo, as the tests enrol them. */
export const people = {
  hanako: { ref: 'demo-hanako', mobile: '+819012345678', email: 'hanako@cardholder.example' },
  alex: { ref: 'demo-alex', mobile: '+818023456789', email: 'alex@cardholder.example' },
  ken: { ref: 'demo-ken', mobile: undefined, email: 'ken@cardholder.example' },
} as const

/** The account in one browser, as a cardholder uses it; the same with and without scripts. */
export class Account {
  readonly heading: Locator
  readonly summary: Locator
  readonly submit: Locator
  readonly page: Page
  readonly language: Language
  readonly say: (typeof words)[Language]
  readonly #product: Product
  readonly #inbox: Inbox

  constructor(page: Page, product: Product, inbox: Inbox, language: Language) {
    this.page = page
    this.language = language
    this.say = words[language]
    this.#product = product
    this.#inbox = inbox
    this.heading = page.getByRole('heading', { level: 1 })
    this.summary = page.getByRole('alert').filter({ has: page.getByRole('heading', { level: 2 }) })
    // The first form in the page's content is its main task.
    this.submit = page.locator('main form button[type=submit]').first()
  }

  async open(path = ''): Promise<void> {
    await this.page.goto(`${this.#product.addresses.acs}/${this.language}/account${path}`)
  }

  field(name: string): Locator {
    return this.page.locator(`main input[name=${name}]`).first()
  }

  async fill(name: string, value: string): Promise<void> {
    await this.field(name).fill(value)
    await this.submit.click()
  }

  /** Enrols from the letter to the account without the pages in between. Returns the e-mail address for sign-in. */
  async enrol(person: Invited): Promise<string> {
    const address = `${crypto.randomUUID()}@mail.example`
    await enrol(this.page, this.#product, this.#inbox, { ...person, language: this.language }, address)
    return address
  }

  /** The same page by page, with a code to a contact on file. */
  async enrolByHand(person: Invited, address = `${crypto.randomUUID()}@mail.example`): Promise<string> {
    const letter: string = JSON.parse(await this.#product.cards('activation', person.ref)).activationCode
    await this.open('/enrol')
    await this.fill('activationCode', letter.toLowerCase().replace('-', ' '))
    const channel = person.mobile ? 'sms' : 'email'
    await this.page.locator(`form:has(input[name=proof][value=${channel}]) button`).click()
    await this.field('code').waitFor()
    await this.fill('code', await this.#inbox.freshCode(channel, person.mobile ?? person.email))
    await this.fill('email', address)
    await this.field('code').waitFor()
    await this.fill('code', await this.#inbox.freshCode('email', address))
    await this.page.locator('form:has(input[name=accepted]) button').click()
    await expect(this.heading).toHaveText(this.say.passkeys)
    return address
  }

  /** Enters address and code on the open sign-in page. */
  async signInByCode(address: string): Promise<void> {
    await this.fill('email', address)
    await this.field('code').waitFor()
    await this.fill('code', await this.#inbox.freshCode('email', address))
  }

  /** Confirms with a code to the mobile number on the open page. */
  async confirmByText(mobile: string): Promise<void> {
    await expect(this.heading).toHaveText(this.say.confirm)
    await this.submit.click()
    await this.field('code').waitFor()
    await this.fill('code', await this.#inbox.freshCode('sms', mobile))
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: this.say.signOut, exact: true }).click()
    await expect(this.heading).toHaveText(this.say.signIn)
  }
}

/** A device that holds passkeys, and whose owner always consents. */
export async function addAuthenticator(page: Page): Promise<{ session: CDPSession; id: string }> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { session, id: authenticatorId }
}
