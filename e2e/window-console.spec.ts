import type { Page } from '@playwright/test'
import { addresses, cards } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow, type Language } from './window.ts'

// The merchant's page with the window in a frame: the merchant's developers read that console.

const people: Record<Language, { card: string; address: string }> = {
  ja: { card: cards.hanako, address: addresses.hanako },
  en: { card: cards.alex, address: addresses.alex },
}

/** Collects everything in the console but ordinary messages, and requests for scripts of the framework. */
function watch(page: Page): { readonly complaints: string[]; readonly framework: string[] } {
  const complaints: string[] = []
  const framework: string[] = []
  page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => /\/_next\/.*\.js/.test(request.url()) && framework.push(request.url()))
  return { complaints, framework }
}

for (const [presentation, language, javaScriptEnabled] of [
  ['iframe', 'ja', false],
  ['strict', 'en', true],
] as const satisfies readonly (readonly [string, Language, boolean])[]) {
  const how = `${language}, ${presentation}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`
  test.describe(how, () => {
    test.use({ javaScriptEnabled })

    test(`leaves the merchant's console clean from the first page of the window to the last (${how})`, async ({
      page,
      shop,
      inbox,
    }) => {
      const { card, address } = people[language]
      const { complaints, framework } = watch(page)
      const order = await shop.order({ card, locale: language, presentation })
      await page.goto(order.checkoutURL)
      if (!javaScriptEnabled) await page.locator('#creq button').click()
      const window = new ChallengeWindow(page.frameLocator('iframe'), language)
      await expect(window.heading).toHaveText(window.say.heading)
      const code = await inbox.codeFor(address)
      await window.enter(code === '123456' ? '123457' : '123456')
      await expect(window.summary).toContainText(window.say.wrong(4))
      await window.otherLanguage.click()
      const other = window.in(language === 'ja' ? 'en' : 'ja')
      await expect(other.heading).toHaveText(other.say.heading)
      const html = await window.root.locator('html').innerHTML()
      await other.finish(code)
      if (javaScriptEnabled) await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
      else await expect(window.root.locator('[data-status]')).toHaveAttribute('data-status', 'authenticated')
      expect(complaints).toEqual([])
      expect(framework).toEqual([])
      expect(html).not.toMatch(/__next_f|\/_next\/[^"]*\.js|as="script"/)
    })
  })
}
