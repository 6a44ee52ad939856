import { hasNoBarriers, isAccessibleIn, type View } from './accessible.ts'
import { publicPaths } from './site.ts'
import { expect, test } from './test.ts'

// No public page has a barrier that a program can find: at 320 px and wide, light and dark, in forced colours, on
// paper. Nor does one send a request elsewhere or complain in the console.

const views: readonly View[] = [
  { name: 'narrow', width: 320, media: { colorScheme: 'light' } },
  { name: 'wide', width: 1280, media: { colorScheme: 'light' } },
  { name: 'dark', width: 1280, media: { colorScheme: 'dark' } },
  { name: 'forced colours', width: 1280, media: { forcedColors: 'active' } },
  { name: 'print', width: 800, media: { media: 'print' } },
]

// Colours and paper look the same in both languages; English words are longer.
for (const [language, seen] of [
  ['ja', views],
  ['en', views.slice(0, 1)],
] as const)
  test(`no page of the site has barriers, sends a request to another origin or logs an error to the console (${language})`, async ({
    page,
    product,
  }) => {
    // Every page, in each view.
    test.slow()
    const foreign: string[] = []
    const complaints: string[] = []
    page.on('request', request => !request.url().startsWith(product.addresses.acs) && foreign.push(request.url()))
    page.on('console', message => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
    page.on('pageerror', error => complaints.push(error.message))
    for (const path of [...(await publicPaths(product)), '/nothing']) {
      if (path !== '/nothing' && !path.startsWith(`/${language}`)) continue
      // The browser itself complains about the status of the last page, which is for unknown addresses.
      if (path === '/nothing') expect(complaints).toEqual([])
      await page.goto(`${product.addresses.acs}${path}`)
      await isAccessibleIn(page, seen, async () => {
        const sideways = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement
          return scrollWidth - clientWidth
        })
        expect(sideways, path).toBe(0)
      })
    }
    expect(foreign).toEqual([])
  })

test('the payment demonstration has no barriers at any step', async ({ page, product }) => {
  await page.goto(`${product.addresses.acs}/ja`)
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    for (const button of ['購入を確定する', 'スマートフォンを見る', '入力せずに進む', '最初からやり直す']) {
      await page.getByRole('button', { name: button }).click()
      // The window is a separate document inside the page, with its own landmarks, as in a shop.
      await hasNoBarriers(page, button, { without: ['landmark-unique'] })
    }
  }
})
