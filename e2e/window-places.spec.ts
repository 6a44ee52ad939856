import type { BrowserContext, Locator, Page } from '@playwright/test'
import postgres from 'postgres'
import { withoutStorage } from './chromium.ts'
import { Merchant, notificationPath, places, type Row, rows, webViewAgent } from './places.ts'
import type { Product } from './product.ts'
import { addresses, cards, count, type Order } from './shop.ts'
import { test as base, expect } from './test.ts'
import { ChallengeWindow } from './window.ts'

// A cardholder pays wherever the window opens and whatever interrupts it, and the merchant's console stays clean.
// docs/window.md has the table.

const people = {
  ja: { card: cards.hanako, address: addresses.hanako },
  en: { card: cards.alex, address: addresses.alex },
} as const

interface Fixtures {
  readonly row: Row | undefined
  readonly order: Order
  readonly merchant: Merchant
}

const test = base.extend<Fixtures>({
  row: [undefined, { option: true }],
  context: async ({ context, javaScriptEnabled, row }, use) =>
    row?.storage === 'blocked' ? withoutStorage(javaScriptEnabled, use) : use(context),
  page: async ({ context }, use) => use(await context.newPage()),
  order: async ({ product, shop, row }, use) => {
    if (!row) throw new Error('no row')
    const areq = { notificationURL: `${product.addresses.spare}${notificationPath}` }
    await use(await shop.order({ locale: row.language, card: people[row.language].card, areq }))
  },
  merchant: async ({ product, shop, order, row }, use) => {
    if (!row) throw new Error('no row')
    await new Merchant(row, await shop.checkoutForm(order), product.addresses.spare).serve(use)
  },
})

test('the table has each pair of circumstances that could affect each other', () => {
  const facts = rows.map(row => ({
    ...{ kind: places[row.place].kind, scripts: row.scripts, interruption: row.interruption, language: row.language },
    ...{ by: row.by ?? 'pointer', referrer: row.referrer ?? 'default' },
  }))
  const pairs = [
    ...(['scripts', 'interruption', 'language', 'by', 'referrer'] as const).map(other => ['kind', other] as const),
    ['scripts', 'interruption'] as const,
  ]
  const seen = (...names: (keyof (typeof facts)[number])[]) =>
    new Set(facts.map(fact => names.map(name => fact[name]).join())).size
  for (const [one, other] of pairs) expect(seen(one, other), `${one} and ${other}`).toBe(seen(one) * seen(other))
})

for (const row of rows) {
  const { place, scripts, interruption, language } = row
  const more = [row.storage && 'storage blocked', row.referrer, row.by].filter(Boolean)
  test.describe([place, `scripts ${scripts}`, interruption, language, ...more].join(', '), () => {
    test.use({
      javaScriptEnabled: scripts !== 'off',
      row,
      ...(place === 'web view' && { userAgent: webViewAgent }),
    })

    test('a wrong code and an interruption lead to one payment, and no message is sent again', async ({
      page,
      context,
      product,
      shop,
      order,
      merchant,
      inbox,
    }) => {
      const { address } = people[language]
      const { complaints, framework } = watch(context)
      const load = await loadScripts(context)
      const cardholder = new Cardholder(row, merchant, page)
      await cardholder.open()
      if (scripts === 'half way') load.ends()
      const code = await inbox.codeFor(address)
      await cardholder.enter(code === '123456' ? '123457' : '123456')
      const { window } = cardholder
      await expect(window.summary).toContainText(window.say.wrong(4))
      const html = await window.root.locator('html').innerHTML()

      const last = await payAfter[interruption]({ cardholder, code, context, product })
      await last.returnToShop()
      const after = await shop.result(order)
      expect(after.rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '02' })
      expect(count(after, 'RReq')).toBe(1)
      const statuses = merchant.received.map(({ transStatus }) => transStatus)
      expect(statuses).toEqual(interruption === 'two windows' ? ['Y', 'Y'] : ['Y'])
      expect(await inbox.codes(address)).toEqual([code])
      expect(complaints.filter(({ at }) => !load.failed(at)).map(({ text }) => text)).toEqual([])
      expect(framework).toEqual([])
      expect(html).not.toMatch(/__next_f|\/_next\/[^"]*\.js|as="script"/)
    })
  })
}

interface Scene {
  readonly cardholder: Cardholder
  readonly code: string
  readonly context: BrowserContext
  readonly product: Product
}

/** Interrupts the cardholder, who enters the code all the same. Returns them where they end. */
const payAfter: Record<Row['interruption'], (scene: Scene) => Promise<Cardholder>> = {
  async reload({ cardholder, code }) {
    await cardholder.page.reload()
    if (cardholder.kind !== 'page') await cardholder.merchant.openWindow(cardholder.page)
    return cardholder.enter(code)
  },

  async back({ cardholder, code }) {
    const { page } = cardholder
    if (cardholder.kind === 'page') {
      await page.goBack()
      await page.goForward()
    } else {
      // In the history of the page only its frame has moved: to an earlier step, or to before the window.
      const inFrame = (address: RegExp) =>
        page.waitForEvent('framenavigated', frame => frame !== page.mainFrame() && address.test(frame.url()))
      const back = inFrame(/./)
      await page.evaluate(() => history.back())
      await back
      const again = inFrame(/\/acs\/challenge\//)
      await cardholder.merchant.openWindow(page)
      await again
    }
    return cardholder.enter(code)
  },

  async 'two windows'({ cardholder, code, context }) {
    const other = cardholder.on(await context.newPage())
    await other.open()
    await other.enter(code)
    await other.returnToShop()
    return cardholder.enter(code)
  },

  async slow({ cardholder, code, product }) {
    const sql = postgres({ ...product.database('postgres'), max: 1 })
    await sql.begin(async tx => {
      await tx`lock table challenges in exclusive mode`
      await cardholder.enterImpatiently(code)
    })
    await sql.end()
    return cardholder
  },

  async discarded({ cardholder, code, context }) {
    const restored = cardholder.on(await context.newPage())
    await cardholder.page.close()
    await restored.open()
    return restored.enter(code)
  },

  // The ids of another build's actions have another end.
  async release({ cardholder, code }) {
    await cardholder.window.root.locator('input[name^="$ACTION_ID_"]').evaluateAll(fields => {
      for (const field of fields as HTMLInputElement[]) field.name = field.name.replace(/[0-9a-f]{8}$/, '00000000')
    })
    const answer = cardholder.page.waitForResponse(response => response.request().method() === 'POST')
    await cardholder.enter(code)
    expect((await answer).status()).toBe(303)
    await expect(cardholder.window.code).toHaveValue('')
    return cardholder.enter(code)
  },
}

/** A cardholder at a merchant's page in one tab. */
class Cardholder {
  readonly window: ChallengeWindow

  constructor(
    readonly row: Row,
    readonly merchant: Merchant,
    readonly page: Page,
  ) {
    this.window = new ChallengeWindow(merchant.windowIn(page), row.language)
  }

  get kind() {
    return places[this.row.place].kind
  }

  /** The same cardholder in another tab. */
  on(page: Page): Cardholder {
    return new Cardholder(this.row, this.merchant, page)
  }

  async open(): Promise<void> {
    await this.merchant.open(this.page)
    await expect(this.window.heading).toHaveText(this.window.say.heading)
  }

  async enter(code: string): Promise<this> {
    if (this.row.by === 'keyboard') {
      await this.#tabTo(this.window.code)
      await this.page.keyboard.type(code)
      await this.page.keyboard.press('Enter')
    } else {
      await this.window.enter(code)
    }
    return this
  }

  /** Enters a code, and presses the button again while there is no answer. */
  async enterImpatiently(code: string): Promise<void> {
    await this.window.code.fill(code)
    const { x = 0, y = 0, width = 0, height = 0 } = (await this.window.submit.boundingBox()) ?? {}
    const posted = this.page.waitForRequest(request => request.method() === 'POST')
    // By its position only: while a page is loading, the previous one cannot be queried.
    const press = () => this.page.mouse.click(x + width / 2, y + height / 2)
    await press()
    await posted
    await press()
  }

  /** Leaves the last page by its button. */
  async returnToShop(): Promise<void> {
    if (this.row.by === 'keyboard') {
      await this.#tabTo(this.window.back)
      await this.page.keyboard.press('Enter')
    } else {
      await this.window.back.click()
    }
    await expect(this.window.heading).toHaveText('Back at the shop')
  }

  async #tabTo(target: Locator): Promise<void> {
    await target.waitFor()
    const isThere = () => target.evaluate(element => document.hasFocus() && document.activeElement === element)
    for (let pressed = 0; !(await isThere()); pressed++) {
      expect(pressed, `Tab does not lead to ${target}`).toBeLessThan(40)
      await this.page.keyboard.press('Tab')
    }
  }
}

interface Complaint {
  readonly text: string
  readonly at: string
}

/** Collects what merchants' developers would see in the console, and requests for scripts of the framework. */
function watch(context: BrowserContext): { complaints: readonly Complaint[]; framework: readonly string[] } {
  const complaints: Complaint[] = []
  const framework: string[] = []
  context.on('console', message => {
    // A warning about the merchant's own sandbox.
    const isOfMerchant = /allow-scripts and allow-same-origin/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isOfMerchant)
      complaints.push({ text: message.text(), at: message.location().url })
  })
  context.on('weberror', error => complaints.push({ text: error.error().message, at: '' }))
  context.on('request', request => /\/_next\/.*\.js/.test(request.url()) && framework.push(request.url()))
  return { complaints, framework }
}

/** Loads the window's scripts until told otherwise. */
async function loadScripts(context: BrowserContext) {
  let loads = true
  const failed = new Set<string>()
  await context.route(/\/(window|return)\.js$/, route => {
    if (loads) return route.continue()
    failed.add(route.request().url())
    return route.abort()
  })
  return {
    ends: () => {
      loads = false
    },
    failed: (address: string) => failed.has(address),
  }
}
