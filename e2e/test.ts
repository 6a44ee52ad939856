import { test as base, expect } from '@playwright/test'
import { Inbox } from './inbox.ts'
import { Product } from './product.ts'
import { addresses, cards, Shop } from './shop.ts'
import { Visitor } from './visitor.ts'

interface Fixtures {
  readonly shop: Shop
  readonly inbox: Inbox
  /** A browser reduced to its posts: for bursts, and for what no browser would send. */
  readonly visitor: Visitor
  /** What the log may hold though it is of level error; for `test.use`. */
  readonly tolerated: RegExp | undefined
  /** Runs for every test: a fresh start, and no fault of the product's own in its log at the end. */
  readonly faultless: undefined
}

export const test = base.extend<Fixtures, { readonly product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from this pattern.
    async ({}, use, { parallelIndex }) => {
      const product = new Product(parallelIndex)
      await product.start()
      await use(product)
      await product.remove()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  shop: async ({ product }, use) => use(new Shop(product.addresses.shop)),
  inbox: async ({ product }, use) => use(new Inbox(product.addresses.inbox, () => product.secret)),
  visitor: async ({ product }, use) => use(new Visitor(product.addresses.web)),
  tolerated: [undefined, { option: true }],
  faultless: [
    async ({ product, inbox, shop, visitor, tolerated }, use, info) => {
      await inbox.startAnew()
      const from = product.logLength()
      await use(undefined)
      const log = product.log(from)
      if (info.status !== info.expectedStatus)
        await info.attach('product.log', { body: log, contentType: 'text/plain' })
      if (log.includes('"challenge.opened"')) await mailIsThrough(shop, visitor, inbox)
      expect(faultsIn(log).filter(line => !tolerated?.test(line))).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** A code that nobody waited for may still be on its way, and would be the next test's first. */
async function mailIsThrough(shop: Shop, visitor: Visitor, inbox: Inbox): Promise<void> {
  await inbox.startAnew()
  await sentBefore(shop, visitor, inbox, 'the last of its test')
}

/** Whatever was to be sent has arrived: a code asked for now is behind it. */
export async function sentBefore(shop: Shop, visitor: Visitor, inbox: Inbox, merchantName: string): Promise<void> {
  await visitor.open(await shop.order({ card: cards.ken, merchantName }))
  await inbox.mailFrom(merchantName, addresses.ken)
}

/** Lines of level error, and what a process prints besides when it breaks: the product has met what it did not expect. */
function faultsIn(log: string): string[] {
  return log.split('\n').filter(line => (line.startsWith('{') ? /^\{"level":[56]0,/ : /Error|⨯|^\s+at /).test(line))
}
