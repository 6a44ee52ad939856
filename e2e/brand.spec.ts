import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test as base, expect } from '@playwright/test'
import { Inbox } from './inbox.ts'
import { Product } from './product.ts'
import { addresses, cards, Shop } from './shop.ts'
import { ask, publicPaths } from './site.ts'
import { Visitor } from './visitor.ts'

// One build serves any issuer: with another brand configured, everything visible is that brand's.

const file = fileURLToPath(new URL('second-brand.json', import.meta.url))
const brand = JSON.parse(readFileSync(file, 'utf8'))
const firstBrand = /SafeKey|みなと町|Minatomachi|minatomachi|safekey\.example|0b5c56/

const test = base.extend<object, { readonly product: Product }>({
  product: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from this pattern.
    async ({}, use, { parallelIndex }) => {
      const product = new Product(parallelIndex + 2, { DEMO_BRAND_FILE: file })
      await product.start()
      await use(product)
      await product.remove()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})

// All in one worker, because each worker starts a product for this file.
test.describe.configure({ mode: 'default' })

test('every page of the site has the second brand, in both languages', async ({ product }) => {
  const { web } = product.addresses
  for (const path of [...(await publicPaths(product)), '/ja/picture/asking']) {
    const { body } = await ask(web, path)
    const language = path.startsWith('/ja') ? 'ja' : 'en'
    expect(body, path).toContain(brand.service)
    expect(body, path).toContain(brand.issuer[language])
    expect(body, path).not.toMatch(firstBrand)
    if (!path.includes('picture')) {
      expect(body).toContain(brand.postal[language])
      expect(body).toContain(`href="${brand.website}"`)
      expect(body).toContain(`src="${brand.mark}"`)
      expect(body).toContain(`srcSet="${brand.markDark}"`)
    }
  }
  const help = (await ask(web, '/ja/help')).body
  for (const said of [brand.sender.address, brand.app, ...brand.sender.numbers]) expect(help).toContain(said)
  expect((await ask(web, '/en/privacy')).body).toContain(brand.support.en)
  const colours = (await ask(web, '/brand.css')).body
  expect(colours).toContain(brand.accent)
  expect(colours).toContain(brand.accentDark)
})

test('the terms name the second brand, in every version', async ({ product }) => {
  for (const version of ['', '/2026-04-01', '/2026-11-01']) {
    const { body } = await ask(product.addresses.web, `/ja/terms${version}`)
    expect(body).toContain(`${brand.issuer.ja}（以下「当社」といいます）が提供する本人認証サービス「${brand.service}」`)
  }
})

test('window and message have the second brand', async ({ product }) => {
  const { web, shop, inbox } = product.addresses
  const visitor = new Visitor(web)
  const order = await new Shop(shop).order({ card: cards.ken, merchantName: 'Second Shop' })
  const window = await visitor.html(await visitor.open(order))
  expect(window).toContain(brand.service)
  expect(window).toContain(brand.issuer.ja)
  expect(window).not.toMatch(firstBrand)
  const box = new Inbox(inbox, () => product.secret)
  await box.mailFrom('Second Shop', addresses.ken)
  const [mail] = await box.mails(addresses.ken)
  if (!mail) throw new Error('no mail')
  expect(`${mail.subject} ${mail.text}`).toContain(brand.service)
  expect(mail.from).toContain(brand.sender.address)
  expect(`${mail.from} ${mail.subject} ${mail.text} ${mail.html}`).not.toMatch(firstBrand)
})
