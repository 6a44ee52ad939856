import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { poll } from './poll.ts'
import { addresses, cards } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow, holdTimers, openWindow } from './window.ts'

// The last page of the window, and what a browser does around it.

/** Collects what is posted to an address from now on. */
function postsTo(page: Page, address: string): string[] {
  const posts: string[] = []
  page.on('request', request => {
    if (request.method() === 'POST' && request.url() === address) posts.push(address)
  })
  return posts
}

test('"back" after the end shows that the window is finished, and posts the CRes again only on request', async ({
  page,
  shop,
  inbox,
}) => {
  const order = await shop.order({ card: cards.alex, locale: 'en' })
  const posts = postsTo(page, String(order.areq.notificationURL))
  const window = await openWindow(page, order, 'en')
  await holdTimers(page)
  await window.enter(await inbox.codeFor(addresses.alex))
  await page.locator('#return').waitFor()
  // Only a script that has run has a timer.
  await page.waitForLoadState()
  await page.clock.fastForward(10_000)
  const result = page.locator('.result')
  await expect(result).toHaveAttribute('data-status', 'authenticated')
  for (const _ of [1, 2]) {
    await page.goBack()
    await expect(page.locator('#next')).toHaveText(/^This verification is finished\./)
    await page.clock.fastForward(60_000)
    await expect(page.locator('#next')).toBeVisible()
    await page.goForward()
    await result.waitFor()
  }
  expect(posts).toHaveLength(1)
  await page.goBack()
  await page.locator('#return button').click()
  await result.waitFor()
  expect(posts).toHaveLength(2)
})

test('a button pressed again while the shop is slow posts the CRes once', async ({ page, product, shop, inbox }) => {
  const posts: (() => void)[] = []
  const slow = createServer((request, response) => {
    if (request.method !== 'POST') return response.writeHead(404).end()
    const answer = () => response.setHeader('content-type', 'text/html').end('<h1>the shop</h1>')
    return posts.push(answer)
  })
  const { origin, port } = new URL(product.addresses.spare)
  slow.listen(Number(port))
  await once(slow, 'listening')
  try {
    const order = await shop.order({ areq: { notificationURL: `${origin}/back` } })
    // On a slow network the script arrives later than the page. No press is earlier than the script.
    await page.route('**/return.js', async route => {
      await setTimeout(300)
      await route.continue()
    })
    const window = await openWindow(page, order)
    await window.enter(await inbox.codeFor(addresses.hanako))
    const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('#return button').boundingBox()) ?? {}
    // By its position only: while a page is loading, the previous one cannot be queried.
    const press = () => page.mouse.click(x + width / 2, y + height / 2)
    await press()
    await poll(() => posts.length).toBe(1)
    for (const _ of [1, 2, 3]) await press()
    for (const answer of posts) answer()
    await expect(page.getByRole('heading')).toHaveText('the shop')
    expect(posts).toHaveLength(1)
  } finally {
    slow.closeAllConnections()
    slow.close()
  }
})

test('where the shop’s page is gone, "back" shows how it ended, what to do, and the button', async ({
  page,
  product,
  shop,
  inbox,
}) => {
  // Nothing listens there.
  const order = await shop.order({ areq: { notificationURL: `${new URL(product.addresses.spare).origin}/back` } })
  const window = await openWindow(page, order)
  await holdTimers(page)
  await window.enter(await inbox.codeFor(addresses.hanako))
  await page.locator('#return').waitFor()
  await page.clock.fastForward(10_000)
  await expect.poll(() => page.url()).toBe('chrome-error://chromewebdata/')
  await page.goBack()
  await expect(window.heading).toHaveText(window.say.authenticated)
  await expect(page.locator('#next')).toContainText('お支払いが済んでいるかどうかをお店にご確認ください。')
  await expect(window.back).toBeVisible()
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'Y' })
})

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('[Req 324] the button leads back, also after "back"', async ({ page, shop, inbox }) => {
    await page.goto((await shop.order()).checkoutURL)
    await page.getByRole('button', { name: '本人認証へ進む' }).click()
    await new ChallengeWindow(page).enter(await inbox.codeFor(addresses.hanako))
    const result = page.locator('.result')
    await page.locator('#return button').click()
    await expect(result).toHaveAttribute('data-status', 'authenticated')
    await page.goBack()
    await page.locator('#return button').click()
    await expect(result).toHaveAttribute('data-status', 'authenticated')
  })
})

test('a form of another build’s window leads to the current window, and nothing is done', async ({
  page,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  // With the names that a build with another key would use.
  await page.evaluate(() => {
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name^="$ACTION_ID_"]'))
      field.name = field.name.replace(/[0-9a-f]{8}$/, '00000000')
  })
  const address = page.url()
  await window.code.fill(code)
  const [answer] = await Promise.all([
    page.waitForResponse(response => response.request().method() === 'POST'),
    window.submit.click(),
  ])
  expect([answer.status(), answer.headers().location]).toEqual([303, new URL(address).pathname])
  await expect(page).toHaveURL(address)
  await window.finish(code)
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
})
