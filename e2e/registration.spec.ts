import type { Page } from '@playwright/test'
import { isAccessible } from './accessible.ts'
import { newCardholderWithFacts } from './cardholder.ts'
import { expect, test, withScripts } from './test.ts'
import { ChallengeWindow, type Language } from './window.ts'

// A cardholder for whom the issuer has no contact registers one in the window, and pays with it.

const words = {
  ja: {
    wrong: '登録されている情報と一致しません。本日はあと2回入力できます。',
    malformed: 'メールアドレスの形式が正しくありません。',
    spent: 'を過ぎてから、もう一度お支払いください。',
    another: '別のメールアドレスを入力する',
  },
  en: {
    wrong: 'That does not match our records. You have 2 tries left today.',
    malformed: 'That does not look like an e-mail address.',
    spent: 'You can register contact details here again from',
    another: 'Enter another e-mail address',
  },
} as const

const facts = { first: '0427', year: '1990', month: '4', day: '1' }

/** Opens the window as the shop does: without scripts, by its button. */
async function open(page: Page, checkoutURL: string, javaScriptEnabled: boolean): Promise<void> {
  await page.goto(checkoutURL)
  if (!javaScriptEnabled) await page.locator('#creq button').click()
  await page.waitForURL(/\/acs\/challenge\//)
}

async function enter(page: Page, typed: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, value] of Object.entries(typed)) await page.locator(`#${id}`).fill(value)
  const [last] = Object.keys(typed).slice(-1)
  await page.locator(`form:has(#${last}) button[type=submit]`).click()
}

for (const [language, width] of [
  ['ja', 390],
  ['en', 250],
] as readonly (readonly [Language, number])[]) {
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    test.use({ javaScriptEnabled, viewport: { width, height: 400 }, locale: language })

    test('two facts, an address and its code authenticate a purchase; mistakes are said and corrected', async ({
      page,
      product,
      shop,
      inbox,
    }) => {
      const say = words[language]
      const { card } = await newCardholderWithFacts(product, language)
      const order = await shop.order({ card, locale: language })
      await open(page, order.checkoutURL, javaScriptEnabled)
      const window = new ChallengeWindow(page, language)
      if (javaScriptEnabled) await isAccessible(page)
      await enter(page, { ...facts, first: '0428' })
      await expect(window.summary).toContainText(say.wrong)
      await expect(page.locator('#first')).toHaveValue('')
      await enter(page, facts)
      await enter(page, { email: 'nobody' })
      await expect(window.summary).toContainText(say.malformed)
      await expect(page.locator('#email')).toHaveValue('nobody')
      if (javaScriptEnabled) await isAccessible(page)
      const [mistyped, address] = [`${crypto.randomUUID()}@mail.example`, `${crypto.randomUUID()}@mail.example`]
      await enter(page, { email: mistyped })
      if (javaScriptEnabled) await isAccessible(page)
      const old = await inbox.freshCode('email', mistyped)
      await page.getByRole('button', { name: say.another }).click()
      await expect(page.locator('#email')).toHaveValue(mistyped)
      await enter(page, { email: address })
      const code = await inbox.freshCode('email', address)
      await window.enter(old)
      await expect(page.locator('#code')).toHaveAttribute('aria-invalid', 'true')
      // Looking for barriers has resized it.
      await page.setViewportSize({ width, height: 400 })
      expect(await page.locator('body').evaluate(body => body.scrollWidth)).toBeLessThanOrEqual(width)
      await window.finish(code)
      expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '06' })
      // From now on the address receives codes, up to the amount.
      const next = await shop.order({ card, locale: language })
      await open(page, next.checkoutURL, javaScriptEnabled)
      await window.finish(await inbox.freshCode('email', address))
      expect((await shop.returned(next)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '05' })
      expect((await shop.order({ card, amount: 30_001 })).ares).toMatchObject({
        transStatus: 'N',
        transStatusReason: '12',
      })
    })

    test('three wrong facts end the purchase, and the page says when to try again', async ({ page, product, shop }) => {
      const { card } = await newCardholderWithFacts(product, language)
      const order = await shop.order({ card, locale: language })
      await open(page, order.checkoutURL, javaScriptEnabled)
      for (const first of ['0001', '0002', '0003']) await enter(page, { ...facts, first })
      await expect(page.locator('#next')).toContainText(words[language].spent)
      const { rreq } = await shop.result(order)
      expect(rreq).toMatchObject({ transStatus: 'N', transStatusReason: '19' })
      expect((await shop.order({ card })).ares).toMatchObject({ transStatus: 'N', transStatusReason: '13' })
    })
  })
}
