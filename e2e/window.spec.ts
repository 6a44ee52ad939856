import type { Page } from '@playwright/test'
import { poll } from './poll.ts'
import { addresses, cards } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow, openWindow } from './window.ts'

// What a cardholder sees in the window, and what the window does not reveal.

test('the window shows in Japanese who asks, for which purchase, and where the code was sent', async ({
  page,
  shop,
}) => {
  const window = await openWindow(page, await shop.order({ locale: 'ja' }))
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja')
  await expect(page).toHaveTitle(window.say.title)
  await expect(page.getByRole('banner')).toContainText('SafeKey')
  await expect(page.getByRole('banner')).toContainText('みなと町カード（デモ）')
  for (const fact of ['ことり商店', '12,800円', '末尾 0005', '月']) await expect(window.purchase).toContainText(fact)
  await expect(page.getByRole('main')).toContainText('どちらか一方の6桁を入力してください。')
  expect(await page.content()).not.toContain(addresses.hanako)
  expect(await page.content()).not.toContain(cards.hanako)
})

test('the window shows in English who asks, for which purchase, and where the code was sent', async ({
  page,
  shop,
}) => {
  const window = await openWindow(page, await shop.order({ card: cards.alex, locale: 'en' }), 'en')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page).toHaveTitle(window.say.title)
  await expect(page.getByRole('banner')).toContainText('Minatomachi Card (demo)')
  for (const fact of ['Kotori Store', '¥12,800', 'ending in 8431', 'JST'])
    await expect(window.purchase).toContainText(fact)
  await expect(page.getByRole('main')).toContainText('Enter either 6-digit code.')
})

test('a purchase in dollars is shown in dollars and cents', async ({ page, shop }) => {
  const order = await shop.order({ amount: 2_500, currency: 'USD', challengeInd: '04', locale: 'en' })
  const window = await openWindow(page, order, 'en')
  await expect(window.purchase).toContainText('$25.00')
  await window.otherLanguage.click()
  await expect(window.in('ja').heading).toHaveText(window.in('ja').say.heading)
  await expect(window.in('ja').purchase).toContainText('25.00米ドル')
})

test('the message has merchant and amount before the code, and no link', async ({ page, shop, inbox }) => {
  const merchantName = '\u202eお店 http://evil.example #1 @you'
  const order = await shop.order({ merchantName, card: cards.ken })
  await openWindow(page, order)
  const code = await inbox.codeFor(addresses.ken)
  const [mail] = await inbox.mails(addresses.ken)
  expect(mail?.text).toMatch(new RegExp(`お店 1 youでの12,800円のお支払い[\\s\\S]*認証コード: ${code}`))
  expect(mail?.html).toContain(code)
  expect(`${mail?.subject}${mail?.text}${mail?.html}`).not.toMatch(/https?:|www\.|evil\.example|\u202e/)
})

test('a change of language keeps the challenge and the code, and sends nothing', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  const address = page.url()
  await window.code.fill('12 3')
  await window.otherLanguage.click()
  const english = window.in('en')
  await expect(english.code).toHaveValue('12 3')
  await expect(english.heading).toHaveText(english.say.heading)
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await english.otherLanguage.click()
  await expect(window.heading).toHaveText(window.say.heading)
  expect(page.url()).toBe(address)
  await window.finish(code)
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '01' })
  expect(await inbox.codes(addresses.hanako)).toEqual([code])
})

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('what was typed is kept through an error and a change of language, and is in no address', async ({
    page,
    product,
    shop,
    inbox,
  }) => {
    const order = await shop.order({ card: cards.ken })
    await page.goto(order.checkoutURL)
    await page.locator('#creq button').click()
    const window = new ChallengeWindow(page)
    await window.enter('98 76')
    await expect(window.summary).toHaveText(window.say.malformed)
    await expect(window.code).toHaveValue('98 76')
    await window.code.fill('9876 5')
    await window.otherLanguage.click()
    const english = window.in('en')
    await expect(english.code).toHaveValue('9876 5')
    await expect(english.summary).toHaveText(english.say.malformed)
    // Return presses “Continue”, not the button of the language, which is ahead of it.
    await english.code.fill('')
    await english.code.press('Enter')
    await expect(english.summary).toHaveText(english.say.missing)
    expect(page.url()).not.toMatch(/9876|\?/)
    expect(product.log()).not.toMatch(/98 ?76/)
    await english.enter(await inbox.codeFor(addresses.ken))
    await expect(english.heading).toHaveText(english.say.authenticated)
  })

  test('a mail server that is down is named, and a button looks again', async ({ page, shop, inbox }) => {
    await inbox.fault({ smtp: 'down', sms: 'slow' })
    const order = await shop.order({ card: cards.alex, locale: 'en' })
    await page.goto(order.checkoutURL)
    await page.locator('#creq button').click()
    const window = new ChallengeWindow(page, 'en')
    await expect(window.deliveries).toContainText(window.say.sending)
    const look = page.getByRole('button', { name: window.say.look })
    await expect(async () => {
      await look.click()
      await expect(window.deliveries).toContainText(window.say.delayed, { timeout: 500 })
    }).toPass()
    await expect(page.getByRole('button', { name: window.say.otherMethod })).toBeVisible()
  })
})

test('says that a code is sent only once a gateway has accepted it, and offers another method when it is held up', async ({
  page,
  shop,
  inbox,
}) => {
  await inbox.fault({ smtp: 'down', sms: 'slow' })
  const window = await openWindow(page, await shop.order())
  await expect(window.deliveries).toContainText(window.say.sending)
  await expect(window.deliveries).toContainText(window.say.delayed)
  await expect(page.getByRole('button', { name: window.say.otherMethod })).toBeVisible()
  await inbox.fault({ smtp: 'up', sms: 'up' })
  await inbox.advance(20)
  await expect(window.deliveries).toContainText(/h•••@•••\.example に送信しました/)
})

test('a number that the cardholder no longer has is not used for this payment, and its record stays', async ({
  page,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  await page.getByText(window.say.help, { exact: true }).click()
  await page.getByRole('button', { name: window.say.lostNumber }).click()
  await expect(window.notice).toContainText(window.say.lost)
  await expect(window.deliveries).not.toContainText('78')
  await window.finish(code)
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '05' })
  const next = await openWindow(page, await shop.order())
  await expect(next.deliveries).toContainText('•••••••78')
})

test('the window needs no file of its build', async ({ page, shop }) => {
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).pathname))
  const window = await openWindow(page, await shop.order())
  await expect(window.submit).toHaveCSS('background-color', 'rgb(11, 92, 86)')
  await expect(window.code).toHaveCSS('font-size', '20px')
  expect(asked.filter(path => path.startsWith('/_next/'))).toEqual([])
})

test('loading the window again sends nothing and changes nothing', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  for (let again = 0; again < 3; again++) await page.reload()
  // The shop's page posts its CReq once more, as after the back button.
  await openWindow(page, order)
  await expect(window.summary).toHaveCount(0)
  // A code requested afterwards is the second to arrive: nothing was sent before it.
  await inbox.advance(31)
  await window.resend.click()
  await expect(window.notice).toHaveText(window.say.resent)
  await inbox.codeFor(addresses.hanako, 2)
  expect(await inbox.codes(addresses.hanako)).toHaveLength(2)
  expect((await inbox.codes(addresses.hanako))[1]).toBe(code)
})

for (const language of ['ja', 'en'] as const) {
  test(`[Req 177, 380] no window size or text size needs horizontal scrolling (${language})`, async ({
    page,
    shop,
  }) => {
    const merchantName = language === 'ja' ? 'あ'.repeat(40) : 'W'.repeat(40)
    const window = await openWindow(page, await shop.order({ locale: language, merchantName }), language)
    await window.code.fill('000000')
    await fits(page, narrow)
    for (const summary of [window.say.help, window.say.safety]) await page.getByText(summary, { exact: true }).click()
    await fits(page, [...narrow, ...wider])
    await window.enter('000')
    await expect(window.summary).toBeVisible()
    await hasBordersInForcedColours(page)
    await fits(page, [...narrow, ...wider])
    await showsFieldAndButton(window, page)
    await window.enter('000000')
    await expect(window.summary).toContainText(window.say.wrong(4))
    await showsFieldAndButton(window, page)
    await window.resend.click()
    await expect(window.notice).toContainText(window.say.tooSoon)
    await fits(page, narrow)
    await showsFieldAndButton(window, page)
    await page.route('**/return.js', route => route.abort())
    await window.cancel.click()
    await window.confirmCancel.click()
    await expect(window.heading).toHaveText(window.say.cancelled)
    await fits(page, narrow)
    await page.goto(page.url().replace(/challenge\/.*/, 'challenge/unknown'))
    await fits(page, narrow)
  })
}

/** Width and height in CSS pixels, and the size of text in percent. */
type View = readonly [width: number, height: number, text: number]

const narrow: readonly View[] = [
  [250, 400, 200],
  [250, 400, 100],
]
const wider: readonly View[] = [
  [390, 400, 100],
  [500, 600, 100],
  [600, 400, 100],
  [1280, 800, 100],
]

/** Whether page and field show everything without scrolling sideways. */
async function fits(page: Page, views: readonly View[]): Promise<void> {
  await page.waitForLoadState()
  for (const [width, height, text] of views) {
    await page.setViewportSize({ width, height })
    const tooWide = () =>
      page.evaluate(size => {
        const root = document.documentElement
        root.style.fontSize = `${size}%`
        return [root, ...document.querySelectorAll('input[type=text]')].filter(
          ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
        ).length
      }, text)
    await poll(tooWide, `${width}×${height}, text at ${text} %`).toBe(0)
  }
}

/** Whether field and button are in view, without scrolling, in the two lowest windows of EMV 3DS. */
async function showsFieldAndButton(window: ChallengeWindow, page: Page): Promise<void> {
  for (const width of [250, 390]) {
    await page.setViewportSize({ width, height: 400 })
    await page.evaluate(() => scrollTo(0, 0))
    await expect(window.code).toBeInViewport({ ratio: 1 })
    await expect(window.submit).toBeInViewport({ ratio: 1 })
  }
}

/** Forced colours remove the backgrounds of buttons and fields. A check box is the browser's own. */
async function hasBordersInForcedColours(page: Page): Promise<void> {
  await page.emulateMedia({ forcedColors: 'active' })
  const withoutBorder = await page.locator('button, input[type=text], .button').evaluateAll(controls =>
    controls
      .filter(control => {
        const { borderTopStyle, borderTopWidth, textDecorationLine } = getComputedStyle(control)
        return (borderTopStyle === 'none' || borderTopWidth === '0px') && textDecorationLine === 'none'
      })
      .map(({ outerHTML }) => outerHTML),
  )
  await page.emulateMedia({ forcedColors: 'none' })
  expect(withoutBorder).toEqual([])
}

test('[Req 307] the window sets no cookie, sends no request to other hosts, and has no link out', async ({
  page,
  context,
  product,
  shop,
  inbox,
}) => {
  const { acs, merchant } = product.addresses
  const asked: string[] = []
  const cookies: string[] = []
  page.on('request', request => asked.push(request.url()))
  page.on('response', async response => {
    const set = await response.headerValue('set-cookie')
    if (set !== null) cookies.push(response.url())
  })
  const order = await shop.order({ locale: 'en' })
  const window = await openWindow(page, order, 'en')
  await window.enter('000')
  await expect(window.summary).toBeVisible()
  const links = await page.locator('a').evaluateAll(all => all.map(link => link.getAttribute('href')))
  expect(links).toEqual([])
  await window.finish(await inbox.codeFor(addresses.hanako))
  await expect(page.locator('.result')).toBeVisible()

  expect(cookies).toEqual([])
  expect(await context.cookies()).toEqual([])
  expect([...new Set(asked.map(url => new URL(url).origin))].sort()).toEqual([acs, merchant].sort())
  const fromWindow = asked.filter(url => url.startsWith(acs))
  expect(fromWindow.length).toBeGreaterThan(3)
})

for (const language of ['ja', 'en'] as const) {
  test(`an error is shown in the title and once at the field, which has the focus (${language})`, async ({
    page,
    shop,
  }) => {
    const window = await openWindow(page, await shop.order({ locale: language }), language)
    for (const [typed, sentence] of [
      ['', window.say.missing],
      ['12345', window.say.malformed],
    ] as const) {
      await window.enter(typed)
      await expect(window.summary).toHaveText(sentence)
      await expect(page).toHaveTitle(new RegExp(`^${window.say.error}`))
      await expect(window.code).toBeFocused()
      await expect(window.code).toHaveAccessibleDescription(new RegExp(sentence))
      await expect(window.code).toHaveAttribute('aria-invalid', 'true')
    }
  })
}

test('[Req 178, 179, 181, 182] between two pages a wheel without words is shown for a second', async ({
  page,
  shop,
}) => {
  type Reading = typeof globalThis & { drawnOver: () => object[] }
  const shown = { visibility: 'visible', content: '""', position: 'fixed' }
  const hidden = { ...shown, visibility: 'hidden' }
  await page.addInitScript(() => {
    // What is drawn over the page: the ground of the processing screen, and its wheel.
    const drawnOver = () =>
      ['::before', '::after'].map(pseudo => {
        const { visibility, content, position } = getComputedStyle(document.body, pseudo)
        return { visibility, content, position }
      })
    Object.assign(globalThis, { drawnOver })
    // Stops a page's animations as it arrives, so that the test does not depend on its own speed.
    addEventListener('DOMContentLoaded', () => {
      for (const animation of document.getAnimations()) animation.pause()
    })
  })
  const at = (milliseconds: number) =>
    page.evaluate(time => {
      for (const animation of document.getAnimations()) animation.currentTime = time
      return (globalThis as Reading).drawnOver()
    }, milliseconds)
  const window = await openWindow(page, await shop.order())
  expect(await at(0)).toEqual([shown, shown])
  expect(await at(999)).toEqual([shown, shown])
  expect(await at(1000)).toEqual([hidden, hidden])

  // From the press of a button on, a script shows it. It is read in the event: a page that is about to be left may not
  // answer.
  await page.evaluate(() =>
    addEventListener('submit', () => {
      sessionStorage.setItem('drawn', JSON.stringify((globalThis as Reading).drawnOver()))
    }),
  )
  await window.submit.click()
  await window.summary.waitFor()
  expect(JSON.parse((await page.evaluate(() => sessionStorage.getItem('drawn'))) ?? '')).toEqual([shown, shown])
  expect(await at(0)).toEqual([shown, shown])
})

const facts = {
  ja: [
    ['店名', 'ことり商店'],
    ['金額', '12,800円'],
    ['カード', '末尾 0005'],
  ],
  en: [
    ['Shop', 'Kotori Store'],
    ['Amount', '¥12,800'],
    ['Card', 'ending in 0005'],
  ],
} as const

for (const language of ['ja', 'en'] as const) {
  test(`a screen reader gets each step with its roles and names (${language})`, async ({ page, shop }) => {
    const window = await openWindow(page, await shop.order({ locale: language }), language)
    const { say } = window
    const purchase = facts[language].map(([term, value]) => `  - term: ${term}\n  - definition: ${value}`).join('\n')
    const help = `  - group: ${say.help}\n  - group: ${say.safety}`
    await expect(page.locator('body')).toMatchAriaSnapshot(`
- banner:
  - button "${say.other}"
- main:
${purchase}
  - heading "${say.heading}" [level=1]
  - status:
    - paragraph
    - paragraph
  - paragraph:
    - status
  - textbox "${say.heading}"
  - button "${say.continue}"
  - button "${say.resend}"
  - group: ${say.cancel}
${help}
- contentinfo`)

    await window.enter('12')
    await expect(page.locator('main')).toMatchAriaSnapshot(`
- main:
${purchase}
  - heading "${say.heading}" [level=1]
  - alert: ${say.malformed}
  - textbox "${say.heading}" [invalid]: "12"`)

    await window.resend.click()
    await expect(window.notice).toContainText(say.tooSoon)

    await page.route('**/return.js', route => route.abort())
    await window.cancel.click()
    await window.confirmCancel.click()
    await expect(page.locator('main')).toMatchAriaSnapshot(`
- main:
${purchase}
  - heading "${say.cancelled}" [level=1]
  - status
  - button "${say.back}"`)
  })
}
