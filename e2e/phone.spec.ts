import type { Page } from '@playwright/test'
import { isAccessible } from './accessible.ts'
import { cards } from './shop.ts'
import { expect, test, withScripts } from './test.ts'

// The demo's phone: set up with one press, it gets real pushes and approves payments that the shop sends to SafeKey.

const words = {
  ja: {
    setUp: '電話を準備する',
    again: 'もう一度準備する',
    ready: '準備できています。',
    app: 'カード会社のアプリ',
    open: '開く',
    number: '確認画面に表示されている番号',
    approve: '承認する',
    approved: '承認しました。',
    webApp: 'ウェブアプリ',
    unlock: '画面ロックを解除して承認（パスキー）',
    lastFour: '末尾 0003',
    amount: '12,800円',
  },
  en: {
    setUp: 'Set up the phone',
    again: 'Set up again',
    ready: 'The phone is set up.',
    app: 'Issuer’s app',
    open: 'Open',
    number: 'Number in the window',
    approve: 'Approve',
    approved: 'Approved.',
    webApp: 'web app',
    lastFour: 'ending in 0003',
    amount: '¥12,800',
  },
} as const

/** The number in the challenge window. */
const numberIn = async (page: Page) => (await page.getByText(/^\d\d$/).textContent()) ?? ''

for (const language of ['ja', 'en'] as const) {
  const say = words[language]
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('the phone is set up with one press, and approves in the issuer’s app and in the web app', async ({
      page,
      context,
      product,
      shop,
    }) => {
      test.slow()
      const phone = await context.newPage()
      const lockScreen = `${product.addresses.inbox}/phone?lang=${language}`
      const press = (name: string) => phone.getByRole('button', { name, exact: true }).click()
      // A notification of the first payment may still be on the screen at the second.
      const pay = async (merchantName: string) => {
        const order = await shop.order({ card: cards.mei, locale: language, merchantName })
        await page.goto(order.checkoutURL)
        // Without scripts the shop's page has a button.
        if (!javaScriptEnabled) await page.locator('#creq button').click()
        return order
      }
      await phone.goto(lockScreen)
      await press((await phone.getByText(say.ready).isVisible()) ? say.again : say.setUp)
      await expect(phone.getByText(say.ready)).toBeVisible()
      if (javaScriptEnabled) await isAccessible(phone)

      const open = async (merchantName: string, from: string) => {
        const notification = phone.getByRole('listitem').filter({ hasText: merchantName }).filter({ hasText: from })
        await expect(async () => {
          await phone.goto(lockScreen)
          await expect(notification.first()).toBeVisible({ timeout: 500 })
        }).toPass()
        await notification.first().getByRole('button', { name: say.open }).click()
      }
      const shows = async (...texts: string[]) => {
        for (const text of texts) await expect(phone.getByText(text, { exact: true })).toBeVisible()
      }
      const isApproved = async (order: Parameters<typeof shop.result>[0]) => {
        // The window leads on by itself, which would interrupt a later visit to the shop.
        await page.locator(javaScriptEnabled ? '.result' : '#return button').waitFor()
        expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '11' })
      }

      const inApp = await pay('Sample Shop')
      const number = await numberIn(page)
      await open('Sample Shop', say.app)
      await shows('Sample Shop', say.amount, say.lastFour)
      if (javaScriptEnabled) await isAccessible(phone)
      await phone.getByLabel(say.number).fill(number)
      await press(say.approve)
      await expect(phone.getByRole('status')).toHaveText(say.approved)
      await isApproved(inApp)

      const inWebApp = await pay('Second Shop')
      const another = await numberIn(page)
      await open('Second Shop', say.webApp)
      // A push and its page are in the cardholder's language.
      const { amount, unlock } = words.ja
      await shows('Second Shop', amount)
      await phone.locator('input[name=number]').fill(another)
      await press(unlock)
      await expect(phone.getByRole('button', { name: unlock })).toHaveCount(0)
      await isApproved(inWebApp)
    })
  })
}
