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
    decline: '承認しない',
    declined: '承認しませんでした。',
    lastFour: '末尾 0003',
    amount: '12,800円',
    look: '承認しました（画面を進める）',
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
    decline: 'Do not approve',
    declined: 'Not approved.',
    lastFour: 'ending in 0003',
    amount: '¥12,800',
    look: 'I have approved it',
  },
} as const

/** The number in the challenge window. */
const numberIn = async (page: Page) => (await page.getByText(/^\d\d$/).textContent()) ?? ''

for (const language of ['ja', 'en'] as const) {
  const say = words[language]
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('the phone is set up with one press, and approves and declines payments in the app', async ({
      page,
      context,
      product,
      shop,
    }) => {
      test.slow()
      const phone = await context.newPage()
      const lockScreen = `${product.addresses.inbox}/phone?lang=${language}`
      const press = (name: string) => phone.getByRole('button', { name, exact: true }).click()
      const pay = async () => {
        const order = await shop.order({ card: cards.mei, locale: language, merchantName: 'Sample Shop' })
        await page.goto(order.checkoutURL)
        return order
      }
      await phone.goto(lockScreen)
      await press((await phone.getByText(say.ready).isVisible()) ? say.again : say.setUp)
      await expect(phone.getByText(say.ready)).toBeVisible()
      if (javaScriptEnabled) await isAccessible(phone)

      const order = await pay()
      const number = await numberIn(page)
      await expect(async () => {
        await phone.goto(lockScreen)
        await expect(phone.getByRole('listitem').filter({ hasText: 'Sample Shop' }).first()).toBeVisible({
          timeout: 500,
        })
      }).toPass()
      await phone
        .getByRole('listitem')
        .filter({ hasText: 'Sample Shop' })
        .getByRole('button', { name: say.open })
        .first()
        .click()
      await expect(phone.getByRole('heading', { name: say.app, exact: true })).toBeVisible()
      for (const shown of ['Sample Shop', say.amount, say.lastFour])
        await expect(phone.getByText(shown, { exact: true })).toBeVisible()
      if (javaScriptEnabled) await isAccessible(phone)
      await phone.getByLabel(say.number).fill(number)
      await press(say.approve)
      await expect(phone.getByRole('status')).toHaveText(say.approved)
      if (!javaScriptEnabled) await page.reload()
      expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '11' })

      const second = await pay()
      await phone.goto(`${product.addresses.inbox}/phone/app?lang=${language}`)
      await press(say.decline)
      await expect(phone.getByRole('status')).toContainText(say.declined)
      expect((await shop.result(second)).rreq).toMatchObject({ transStatus: 'N' })
    })
  })
}
