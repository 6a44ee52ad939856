import type { Page } from '@playwright/test'
import { languages, publicPaths } from './site.ts'
import { expect, test } from './test.ts'

// The site in a browser: with its few scripts, and without any.

test('the language switch opens the same page at the same place, and is remembered', async ({ page, product }) => {
  const { acs } = product.addresses
  await page.goto(`${acs}/ja/help#no-sms`)
  await page.getByRole('link', { name: 'English' }).click()
  await expect(page).toHaveURL(`${acs}/en/help#no-sms`)
  await expect(page.locator('#no-sms')).toBeInViewport()
  await page.goto(`${acs}/terms`)
  await expect(page).toHaveURL(`${acs}/en/terms`)
  await page.getByRole('link', { name: '日本語' }).click()
  await expect(page).toHaveURL(`${acs}/ja/terms`)
  await page.goto(acs)
  await expect(page).toHaveURL(`${acs}/ja`)
})

test('the skip link leads to the content', async ({ page, product }) => {
  await page.goto(`${product.addresses.acs}/ja/help`)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: '本文へ' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('main')).toBeFocused()
})

test('the search in the questions finds words in any spelling', async ({ page, product }) => {
  await page.goto(`${product.addresses.acs}/ja/help`)
  const questions = page.locator('.question:visible')
  const all = await questions.count()
  const field = page.getByRole('searchbox', { name: '質問を探す' })
  for (const words of ['ＳＭＳ　機内モード', 'sms 機内もーど']) {
    await field.fill(words)
    await expect(questions).toHaveCount(1)
    await expect(page.getByText('1件の質問が見つかりました。')).toBeVisible()
    await expect(page.locator('#no-sms')).toBeVisible()
  }
  await field.fill('ワンタイムパスワード')
  await expect(page.locator('#what-is-a-code')).toBeVisible()
  await field.fill('火星')
  await expect(questions).toHaveCount(0)
  await expect(page.getByText('当てはまる質問がありません。')).toBeVisible()
  await field.fill('')
  await expect(questions).toHaveCount(all)
})

async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole('button', { name })
  for (let presses = 0; presses < 60; presses += 1) {
    if (await wanted.evaluate(element => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${name} is not reached by the keyboard`)
}

const tryOut = {
  ja: {
    buy: '購入を確定する',
    phone: 'スマートフォンを見る',
    code: '認証コードを入力してください',
    wrong: 'コードが違うときは',
    done: '認証が完了しました',
  },
  en: {
    buy: 'Buy now',
    phone: 'Look at the phone',
    code: 'Enter your verification code',
    wrong: 'This is what you see after a wrong code',
    done: 'Verification is complete',
  },
} as const

for (const language of languages)
  test(`the payment demonstration works with the keyboard only (${language})`, async ({ page, product }) => {
    const words = tryOut[language]
    const posted: string[] = []
    page.on('request', request => request.method() === 'POST' && posted.push(request.url()))
    await page.goto(`${product.addresses.acs}/${language}`)
    await expect(page.locator('#try-out-still')).toBeHidden()
    await tabTo(page, words.buy)
    await page.keyboard.press('Enter')
    const window = page.frameLocator('#try-out-live iframe')
    await expect(window.getByRole('heading', { name: words.code })).toBeVisible()
    await tabTo(page, words.phone)
    await page.keyboard.press('Enter')
    const message = page.locator('#try-out-live .phone')
    await expect(message).toContainText('482913')
    const field = window.getByLabel(words.code)
    await field.focus()
    await page.keyboard.type('111111')
    await page.keyboard.press('Enter')
    await expect(page.getByText(words.wrong)).toBeVisible()
    await expect(window.getByRole('alert')).toBeVisible()
    await field.focus()
    await page.keyboard.type('482 913')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('status').filter({ hasText: words.done })).toBeVisible()
    expect(posted).toEqual([])
  })

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('every page is readable in full, with a still picture instead of the demonstration', async ({
    page,
    product,
  }) => {
    for (const path of await publicPaths(product)) {
      await page.goto(`${product.addresses.acs}${path}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    }
    await page.goto(`${product.addresses.acs}/ja`)
    await expect(page.locator('#try-out-still')).toBeVisible()
    await expect(page.locator('#try-out-live')).toBeHidden()
    await page.goto(`${product.addresses.acs}/ja/help`)
    await expect(page.getByRole('searchbox')).toBeHidden()
    expect(await page.locator('.question:visible').count()).toBeGreaterThan(20)
  })
})
