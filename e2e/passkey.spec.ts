import type { FrameLocator, Page } from '@playwright/test'
import { isAccessible } from './accessible.ts'
import { Account, addAuthenticator } from './account.ts'
import { newCardholder } from './cardholder.ts'
import type { Inbox } from './inbox.ts'
import type { Product } from './product.ts'
import type { Shop } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow } from './window.ts'

// A passkey of the account confirms a payment in the window, where the browser permits it.

const words = {
  ja: {
    saved: '認証方法を保存しました。',
    heading: 'パスキーで認証してください',
    use: 'パスキーで認証する',
    notUsed: 'パスキーで認証できませんでした。',
    codeInstead: '認証コードを受け取る',
  },
  en: {
    saved: 'Your choice is saved and applies from your next payment.',
    heading: 'Confirm with your passkey',
    use: 'Use a passkey instead',
    notUsed: 'The passkey was not used',
    codeInstead: 'Send a code instead',
  },
} as const
const confirm = { ja: 'パスキーで認証する', en: 'Confirm with a passkey' } as const
const week = 7 * 24 * 60 * 60

type Language = 'ja' | 'en'
const button = (root: Page | FrameLocator, name: string) => root.getByRole('button', { name, exact: true })

/** A cardholder whose passkey may already confirm larger payments, and who may have chosen a code in the account. */
async function withPasskey(page: Page, product: Product, inbox: Inbox, language: Language, prefersCode = false) {
  const person = await newCardholder(product, language)
  const account = new Account(page, product, inbox, language)
  const authenticator = await addAuthenticator(page)
  await account.enrol(person)
  await account.open('/passkeys')
  await button(page, account.say.addPasskey).click()
  await expect(page.locator('main li.card')).toHaveCount(1)
  if (prefersCode) {
    await account.open('/settings')
    await page.locator('input[name=preferredMethod][value=code]').check()
    await page.locator('form:has(input[name=preferredMethod]) button').click()
    await expect(page.getByRole('status')).toContainText(words[language].saved)
  }
  await inbox.advance(2 * week)
  return { person, ...authenticator }
}

async function openFrame(page: Page, shop: Shop, card: string, language: Language, presentation: 'iframe' | 'sandbox') {
  const order = await shop.order({ card, locale: language, presentation, messageVersion: '2.3.1' })
  await page.goto(order.checkoutURL)
  return { order, window: new ChallengeWindow(page.frameLocator('iframe[name=challenge]'), language) }
}

test('a passkey comes first, and confirms in the frame of a shop that permits it; where a shop does not, a code is sent at once', async ({
  page,
  product,
  inbox,
  shop,
}) => {
  const say = words.ja
  const { person } = await withPasskey(page, product, inbox, 'ja')
  // Notices of what was set up may still arrive.
  const codes = async () => (await inbox.mails(person.email)).filter(({ text }) => text.includes('認証コード: ')).length
  const before = await codes()
  const windowPage = page.waitForResponse(/\/acs\/challenge\/[\w-]{43}$/)
  const permitted = await openFrame(page, shop, person.card, 'ja', 'iframe')
  await expect(permitted.window.heading).toHaveText(say.heading)
  const headers = (await windowPage).headers()
  expect(headers['permissions-policy']?.split(', ')).toEqual(
    expect.arrayContaining(['payment=(self)', 'publickey-credentials-get=(self)', 'publickey-credentials-create=()']),
  )
  await button(permitted.window.root as FrameLocator, confirm.ja).click()
  const { rreq } = await shop.returned(permitted.order)
  expect(rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: ['13'] })
  expect(await codes()).toBe(before)

  const other = await openFrame(page, shop, person.card, 'ja', 'sandbox')
  await other.window.code.waitFor()
  await expect(button(other.window.root as FrameLocator, say.use)).toHaveCount(0)
  await other.window.enter(await inbox.freshCode('email', person.email))
  expect((await shop.returned(other.order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: ['05'] })
})

test('a cardholder who prefers a code can use a passkey instead, and the code if the passkey fails', async ({
  page,
  product,
  inbox,
  shop,
}) => {
  const say = words.en
  const { person, session, id } = await withPasskey(page, product, inbox, 'en', true)
  const order = await shop.order({ card: person.card, locale: 'en' })
  await page.goto(order.checkoutURL)
  const window = new ChallengeWindow(page, 'en')
  await window.code.waitFor()
  const code = await inbox.freshCode('email', person.email)
  await button(page, say.use).click()
  await expect(window.heading).toHaveText(say.heading)
  await isAccessible(page)
  await session.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified: false })
  await button(page, confirm.en).click()
  await expect(window.summary).toContainText(say.notUsed)
  await isAccessible(page)
  await button(page, say.codeInstead).click()
  await window.enter(code)
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '05' })
})

test('a window without scripts says that a passkey cannot be used there, and sends a code', async ({
  page,
  browser,
  product,
  inbox,
  shop,
}) => {
  const { person } = await withPasskey(page, product, inbox, 'ja')
  const context = await browser.newContext({ javaScriptEnabled: false })
  const plain = await context.newPage()
  const order = await shop.order({ card: person.card, locale: 'ja' })
  await plain.goto(order.checkoutURL)
  await plain.locator('#creq button').click()
  const window = new ChallengeWindow(plain, 'ja')
  await expect(window.heading).toHaveText(words.ja.heading)
  await expect(button(plain, confirm.ja)).toHaveCount(0)
  await button(plain, words.ja.codeInstead).click()
  await window.code.waitFor()
  await window.enter(await inbox.freshCode('email', person.email))
  await expect(window.heading).toHaveText(window.say.authenticated)
  await context.close()
})
