import type { Page } from '@playwright/test'
import { isAccessible } from './accessible.ts'
import { Account } from './account.ts'
import { type Cardholder, newCardholder } from './cardholder.ts'
import type { Inbox } from './inbox.ts'
import { poll } from './poll.ts'
import type { Product } from './product.ts'
import { count, type Order, type Shop } from './shop.ts'
import { expect, test, withScripts } from './test.ts'
import { ChallengeWindow } from './window.ts'

// The preferred method: approval in the account while the window waits, or a choice each time.

const words = {
  ja: {
    saved: '認証方法を保存しました。',
    changed: 'お支払いのときの認証方法が変更されました。',
    answerThere: 'カードの会員ページで承認してください',
    answered: '承認または拒否を済ませて、次へ進む',
    notYet: 'まだ承認も拒否もされていません。',
    codeInstead: '認証コードを受け取る',
    approve: '承認する',
    decline: '拒否する',
    declined: 'お支払いを拒否しました',
    how: '認証方法をお選びください',
    missing: '認証方法をお選びください。',
    email: 'メールで認証コードを受け取る',
    text: 'SMSで認証コードを受け取る',
    account: 'カードの会員ページで承認する',
    other: '別の方法で認証する',
  },
  en: {
    saved: 'Your choice is saved and applies from your next payment.',
    changed: 'the way you confirm payments was changed',
    answerThere: 'Approve this payment in your account',
    answered: 'I have approved or declined it',
    notYet: 'You have not approved or declined yet.',
    codeInstead: 'Send a code instead',
    approve: 'Approve',
    decline: 'Decline',
    declined: 'You declined the payment',
    how: 'How would you like to confirm that it is you?',
    missing: 'Choose how you would like to confirm that it is you.',
    email: 'Get a code by e-mail',
    text: 'Get a code by text message',
    account: 'In your account',
    other: 'Choose another method',
  },
} as const

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** An enrolled cardholder with a preferred method. */
async function prefers(
  preferred: 'account' | 'choose',
  page: Page,
  product: Product,
  inbox: Inbox,
  language: 'ja' | 'en',
) {
  const person = await newCardholder(product, language)
  const account = new Account(page, product, inbox, language)
  await account.enrol(person)
  await account.open('/settings')
  await page.locator(`input[name=preferredMethod][value=${preferred}]`).check()
  await page.locator('form:has(input[name=preferredMethod]) button').click()
  await expect(page.getByRole('status')).toContainText(words[language].saved)
  await expect(page.locator(`input[name=preferredMethod][value=${preferred}]`)).toBeChecked()
  const told = async () => (await inbox.mails(person.email)).some(({ text }) => text.includes(words[language].changed))
  await poll(told, 'the notice of the change').toBe(true)
  return { person, account }
}

async function openedBy(person: Cardholder, page: Page, shop: Shop, scripts = true) {
  const order = await shop.order({ card: person.card, locale: person.language, merchantName: 'Sample Shop' })
  await page.goto(order.checkoutURL)
  const window = new ChallengeWindow(page, person.language)
  // Without scripts the shop's page has a button.
  if (!scripts) await page.locator('#creq button').click()
  await window.cancel.waitFor()
  return { order, window }
}

async function hasOneResult(order: Order, shop: Shop, rreq: Record<string, unknown>) {
  const { messages, ...result } = await shop.result(order)
  expect(result.rreq).toMatchObject(rreq)
  expect(count({ ...result, messages }, 'RReq')).toBe(1)
}

const outOfBand = { authenticationType: '03', interactionCounter: '01' }

for (const language of ['ja', 'en'] as const) {
  const say = words[language]
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('the window leads back by itself after approval in the account', async ({ page, product, inbox, shop }) => {
      const { person, account } = await prefers('account', page, product, inbox, language)
      const shopPage = await page.context().newPage()
      const { order, window } = await openedBy(person, shopPage, shop, javaScriptEnabled)
      await expect(window.heading).toHaveText(say.answerThere)
      await expect(shopPage.getByRole('main')).toContainText(
        `${new URL(product.addresses.acs).host}/${language}/account`,
      )
      expect(await shopPage.locator('a').count()).toBe(0)
      if (javaScriptEnabled) await isAccessible(shopPage)
      await inbox.mailFrom('Sample Shop', person.email)
      await account.open('/payments')
      await button(page, say.approve).click()
      await expect(shopPage).toHaveURL(/\/challenge\/.*\/return|merchant/, { timeout: 20_000 })
      if (!javaScriptEnabled) {
        await expect(window.heading).toHaveText(window.say.authenticated)
        await window.back.click()
      }
      await hasOneResult(await shop.returned(order), shop, { transStatus: 'Y', eci: '05', ...outOfBand })
      expect((await shop.see(order)).status).toBe('authenticated')
    })

    test('a cardholder who chooses each time selects where the code goes, and selects again', async ({
      page,
      product,
      inbox,
      shop,
    }) => {
      const { person } = await prefers('choose', page, product, inbox, language)
      const shopPage = await page.context().newPage()
      const { order, window } = await openedBy(person, shopPage, shop, javaScriptEnabled)
      const choice = (name: string) => shopPage.getByRole('radio', { name })
      await expect(window.heading).toHaveText(say.how)
      if (javaScriptEnabled) await isAccessible(shopPage)
      await window.submit.click()
      await expect(window.summary).toContainText(say.missing)
      await expect(shopPage).toHaveTitle(new RegExp(`^${window.say.error}`))
      if (javaScriptEnabled) await isAccessible(shopPage)
      const codes = await inbox.codes(person.email)
      await choice(say.text).check()
      await window.submit.click()
      await window.code.waitFor()
      const byText = await inbox.freshCode('sms', person.mobile)
      expect(await inbox.codes(person.email)).toEqual(codes)
      await inbox.advance(31)
      await button(shopPage, say.other).click()
      await expect(choice(say.account)).toBeVisible()
      await choice(say.email).check()
      await window.submit.click()
      await expect(window.notice).toHaveText(window.say.resent)
      if (javaScriptEnabled) await isAccessible(shopPage)
      const byMail = await inbox.freshCode('email', person.email)
      // The text message's code was replaced by the e-mail's.
      await window.enter(byText)
      await expect(window.summary).toContainText(window.say.earlier)
      await window.enter(byMail)
      await shop.result(order)
      await hasOneResult(order, shop, { transStatus: 'Y', interactionCounter: '06' })
    })
  })
}

test('a cardholder who continues too soon is told so, and can have a code instead or decline in the account', async ({
  page,
  product,
  inbox,
  shop,
}) => {
  const say = words.en
  const { person, account } = await prefers('account', page, product, inbox, 'en')
  const shopPage = await page.context().newPage()
  const first = await openedBy(person, shopPage, shop)
  await button(shopPage, say.answered).click()
  await expect(shopPage.getByRole('status').first()).toContainText(say.notYet)
  await isAccessible(shopPage)
  await inbox.mailFrom('Sample Shop', person.email)
  await button(shopPage, say.codeInstead).click()
  await first.window.code.waitFor()
  await first.window.finish(await inbox.freshCode('sms', person.mobile))
  await hasOneResult(await shop.returned(first.order), shop, { transStatus: 'Y', authenticationType: '02' })

  const second = await openedBy(person, shopPage, shop)
  await expect(second.window.heading).toHaveText(say.answerThere)
  await shopPage.route('**/return.js', route => route.abort())
  await account.open('/payments')
  await button(page, say.decline).click()
  await expect(button(page, say.decline)).toHaveCount(0)
  await button(shopPage, say.answered).click()
  await expect(second.window.heading).toHaveText(say.declined)
  await isAccessible(shopPage)
  await hasOneResult(second.order, shop, { transStatus: 'N', transStatusReason: '01', ...outOfBand })
})
