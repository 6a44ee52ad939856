import { test as base, expect } from '@playwright/test'
import { Inbox } from './inbox.ts'
import { Product } from './product.ts'
import { Shop } from './shop.ts'
import { Visitor } from './visitor.ts'

/**
 * Each language once, with or without scripts: the text is the same with and without scripts, and the behaviour is the
 * same in both languages.
 */
export const withScripts = { ja: true, en: false } as const

interface Fixtures {
  readonly shop: Shop
  readonly inbox: Inbox
  /** A browser reduced to its posts: for bursts, and for requests that no browser sends. */
  readonly visitor: Visitor
  /** Log lines of level error that are permitted; for `test.use`. */
  readonly tolerated: RegExp | undefined
  /** Runs for every test: a fresh start, and a check at the end that the product's log has no errors. */
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
    async ({ product, inbox, tolerated }, use, info) => {
      await inbox.startAnew()
      const from = product.logLength()
      await use(undefined)
      const log = product.log(from)
      if (info.status !== info.expectedStatus)
        await info.attach('product.log', { body: log, contentType: 'text/plain' })
      // A message that no test waited for may still be on its way, and would be the next test's first.
      await inbox.startAnew()
      await product.hasSentAll()
      expect(faultsIn(log).filter(line => !tolerated?.test(line))).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Log lines of level error, and the output of a process that breaks: something that the product did not expect. */
function faultsIn(log: string): string[] {
  return log.split('\n').filter(line => (line.startsWith('{') ? /^\{"level":[56]0,/ : /Error|⨯|^\s+at /).test(line))
}
