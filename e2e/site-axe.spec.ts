import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { languages, publicPaths } from './site.ts'
import { expect, test } from './test.ts'

// No public page has a barrier that a program can find: at 320 px and wide, light and dark, in forced colours, on paper.

// The tags are not cumulative.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const views = {
  narrow: { width: 320, media: { colorScheme: 'light' } },
  wide: { width: 1280, media: { colorScheme: 'light' } },
  dark: { width: 1280, media: { colorScheme: 'dark' } },
  'forced colours': { width: 1280, media: { forcedColors: 'active' } },
  print: { width: 800, media: { media: 'print' } },
} as const

async function isAccessible(page: Page, name: string, without: string[] = []): Promise<void> {
  const builder = new AxeBuilder({ page }).withTags(tags).disableRules(without)
  const { violations, passes } = await builder.analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  expect(found, `${page.url()} ${name}`).toEqual([])
  expect(passes.length).toBeGreaterThan(10)
}

for (const [name, { width, media }] of Object.entries(views))
  for (const language of languages)
    test(`no page of the site has barriers: ${name} (${language})`, async ({ page, product }) => {
      test.setTimeout(180_000)
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null, ...media })
      for (const path of [...(await publicPaths(product)), '/nothing']) {
        if (path !== '/nothing' && !path.startsWith(`/${language}`)) continue
        await page.goto(`${product.addresses.acs}${path}`)
        await isAccessible(page, name)
        const sideways = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement
          return scrollWidth - clientWidth
        })
        expect(sideways, path).toBe(0)
      }
    })

test('the try-out of a payment has no barriers at any step', async ({ page, product }) => {
  await page.goto(`${product.addresses.acs}/ja`)
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    for (const button of ['購入を確定する', 'スマートフォンを見る', '入力を省いて進む', '最初からやり直す']) {
      await page.getByRole('button', { name: button }).click()
      // The window is a document of its own inside the page, with landmarks of its own, as in a shop.
      await isAccessible(page, button, ['landmark-unique'])
    }
  }
})
