import type { Page } from '@playwright/test'
import { Account } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { expect, test } from './test.ts'

// On a phone, header and navigation are one line; the rest is behind a menu that needs no script.

async function isOneLine(page: Page): Promise<void> {
  for (const width of [320, 390]) {
    await page.setViewportSize({ width, height: 700 })
    const box = await page.locator('header').boundingBox()
    expect(box?.height, `${width}`).toBeLessThan(96)
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(sideways).toBeLessThanOrEqual(0)
  }
}

for (const javaScriptEnabled of [true, false])
  test.describe(`${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('the menu of site and account opens from one line, and marks the current page', async ({
      page,
      product,
      inbox,
    }) => {
      const [language, menu, current] = javaScriptEnabled
        ? (['ja', 'メニュー', '連絡先'] as const)
        : (['en', 'Menu', 'Contact details'] as const)
      await page.goto(`${product.addresses.acs}/${language}/help`)
      await isOneLine(page)
      const button = page.locator('summary', { hasText: menu })
      const links = page.getByRole('banner').getByRole('listitem').getByRole('link')
      const shut = await links.count()
      await button.click()
      expect(await links.count()).toBeGreaterThan(shut + 3)
      const account = new Account(page, product, inbox, language)
      await account.enrol(await newCardholder(product, language))
      await account.open('/contact')
      await isOneLine(page)
      await button.click()
      await expect(page.getByRole('banner').getByRole('link', { name: current })).toHaveAttribute(
        'aria-current',
        'page',
      )
      if (javaScriptEnabled) {
        await page.keyboard.press('Escape')
        await expect(page.locator('details[open]')).toHaveCount(0)
        await expect(button).toBeFocused()
        await page.keyboard.press('Enter')
      }
      await page.getByRole('banner').getByRole('button', { name: account.say.signOut }).click()
      await expect(account.heading).toHaveText(account.say.signIn)
    })
  })
