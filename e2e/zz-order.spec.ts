import { test } from './test.ts'

for (const lang of ['ja', 'en'])
  for (const width of [320, 1280])
    test(`shot ${lang} ${width}`, async ({ page, shop, product }) => {
      const { orderURL } = await shop.order({ amount: 1_200, locale: 'ja' })
      await page.setViewportSize({ width, height: 900 })
      await page.goto(`${orderURL}?lang=${lang}`)
      await page.locator('.messages > li > details > summary').nth(0).click()
      await page.locator('.curl > summary').nth(0).click()
      await page.screenshot({ path: `/tmp/zz-order-${lang}-${width}.png`, fullPage: true })
      await page.goto(`${product.addresses.web}/${lang}/merchants/check`)
      await page.locator('textarea').fill('{\n  "messageType": "AReq",\n  "messageVersion" "2.2.0"\n}')
      await page.locator('main form button').click()
      await page.screenshot({ path: `/tmp/zz-check-${lang}-${width}.png`, fullPage: true })
    })
