import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { Account, people } from '../account.ts'
import { addresses, cards } from '../shop.ts'
import { expect, test } from '../test.ts'

/** The shop with the teapot and a card chosen. */
async function openShop(page: Page, merchant: string, language: 'ja' | 'en', card: string): Promise<void> {
  await page.goto(`${merchant}/?lang=${language}`)
  await page.locator('label', { has: page.locator('[value="teapot"]') }).click()
  await page.locator('label', { has: page.locator(`[value="${card}"]`) }).click()
}

for (const language of ['ja', 'en'] as const)
  test(`the window (${language})`, async ({ page, shop }) => {
    await page.setViewportSize({ width: 390, height: 620 })
    const order = await shop.order({ locale: language, card: language === 'ja' ? cards.hanako : cards.alex })
    await page.goto(order.checkoutURL)
    await page.getByRole('textbox').waitFor()
    await page.waitForTimeout(1500)
    await page.screenshot({ path: `docs/images/window-${language}.png` })
  })

test('the account', async ({ page, product, inbox }) => {
  await page.setViewportSize({ width: 390, height: 620 })
  const account = new Account(page, product, inbox, 'en')
  await account.enrol(people.alex)
  await account.open()
  await page.screenshot({ path: 'docs/images/account.png' })
})

test('the phone', async ({ page, context, product, shop }) => {
  const lockScreen = `${product.addresses.inbox}/phone?lang=en`
  await page.setViewportSize({ width: 390, height: 620 })
  await page.goto(lockScreen)
  await page.getByRole('button', { name: 'Set up the phone', exact: true }).click()
  await expect(page.getByText('The phone is set up.')).toBeVisible()
  const merchant = await context.newPage()
  await merchant.goto((await shop.order({ card: cards.mei, locale: 'en' })).checkoutURL)
  const number = (await merchant.getByText(/^\d\d$/).textContent()) ?? ''
  const notice = page.getByRole('listitem').filter({ hasText: 'Issuer’s app' }).first()
  await expect(async () => {
    await page.goto(lockScreen)
    await expect(notice).toBeVisible({ timeout: 500 })
  }).toPass()
  await notice.getByRole('button', { name: 'Open' }).click()
  await page.getByLabel('Number in the window').fill(number)
  await page.locator('.phone').screenshot({ path: 'docs/images/phone.png' })
})

test.describe('the animated picture', () => {
  test.use({ deviceScaleFactor: 1, viewport: { width: 960, height: 720 } })

  test('a purchase, from the shop to the end', async ({ page, product, inbox }) => {
    const folder = mkdtempSync(join(tmpdir(), 'safekey-pictures-'))
    const frames: string[] = []
    const keep = async (seconds: number) => {
      const file = join(folder, `${frames.length}.png`)
      await page.screenshot({ path: file })
      frames.push(`file '${file}'\nduration ${seconds}`)
    }
    await openShop(page, product.addresses.merchant, 'en', cards.alex)
    await keep(2.5)
    await page.locator('button.pay').click()
    const window = page.frameLocator('.window iframe')
    const code = window.getByRole('textbox')
    await code.waitFor()
    await page.waitForTimeout(1500)
    await keep(3)
    const digits = await inbox.codeFor(addresses.alex)
    await page.frameLocator('.arrivals iframe').getByText(digits).first().waitFor()
    await keep(3)
    for (let typed = 0; typed <= digits.length; typed++) {
      await code.fill(digits.slice(0, typed))
      await keep(typed === digits.length ? 1 : 0.2)
    }
    await window.getByRole('button', { name: 'Continue' }).click()
    await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
    await keep(3.5)
    const list = join(folder, 'frames')
    writeFileSync(list, frames.join('\n'))
    const palette = 'split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none'
    const made = spawnSync('ffmpeg', [
      '-y',
      '-f',
      'concat',
      '-safe',
      '0',
      '-i',
      list,
      '-vf',
      palette,
      'docs/images/purchase.gif',
    ])
    expect(made.status, String(made.stderr)).toBe(0)
    rmSync(folder, { recursive: true })
  })
})
