import { cards } from './shop.ts'
import { expect, test } from './test.ts'
import { creqOf, encode } from './visitor.ts'

// Merchants check messages on a page that stores nothing.

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test(`an AReq is checked, corrected and checked again (${javaScriptEnabled})`, async ({ page, product, shop }) => {
      const { areq } = await shop.order({ messageVersion: '2.3.1' })
      const faulty = { ...areq, acctNumber: cards.hanako, mcc: 'x', purchaseExponent: '2', acctType: '05' }
      await page.goto(`${product.addresses.web}/en/merchants/check`)
      await page.getByLabel('Message').fill(JSON.stringify(faulty))
      await page.getByRole('button', { name: 'Check' }).click()
      await expect(page.getByRole('heading', { level: 2 })).toHaveText('AReq 2.3.1: 4 errors.')
      const rows = page.locator('tbody tr')
      await expect(rows).toContainText([
        'acctType has a reserved value. Expected: one of 01, 02, 03',
        'mcc has an invalid format or value. Expected: 4 digits.',
        'purchaseCurrency',
        'purchaseExponent',
      ])
      await expect(page.getByLabel('Message')).toHaveValue(JSON.stringify(faulty))
      await page.getByLabel('Message').fill(JSON.stringify({ ...areq, acctNumber: cards.hanako }))
      await page.getByRole('button', { name: 'Check' }).click()
      await expect(page.getByRole('heading', { level: 2 })).toHaveText('AReq 2.3.1: no errors found.')
      await expect(rows).toHaveCount(0)
    })
  })
}

test('the page works in Japanese, accepts a creq as in a form, and says if there is no message', async ({
  page,
  product,
  shop,
}) => {
  await page.goto(`${product.addresses.web}/ja/merchants/check`)
  const message = page.getByLabel('メッセージ')
  const check = page.getByRole('button', { name: '確認する' })
  await message.fill(`creq=${encode({ ...creqOf(await shop.order()), challengeWindowSize: '06' })}`)
  await check.click()
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('CReq 2.2.0：誤りが1件あります。')
  await expect(page.locator('tbody')).toContainText('challengeWindowSizeの形式または値が正しくありません。')
  await message.fill(' ')
  await check.click()
  await expect(page.getByRole('alert').filter({ hasText: 'メッセージがありません' })).toBeVisible()
})

test('each message of the shop’s page of an order opens in the checker, and is copied as a curl command', async ({
  page,
  context,
  shop,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { orderURL } = await shop.order({ amount: 1_200, locale: 'en' })
  await page.goto(`${orderURL}?lang=en`)
  for (const [message, told] of [
    ['AReq', 'acctNumber is masked'],
    ['ARes', ''],
  ] as const) {
    const passed = page
      .locator('.messages > li')
      .filter({ hasText: `${message} ` })
      .first()
    await passed.locator('summary').first().click()
    const opened = page.waitForEvent('popup')
    await passed.getByRole('button', { name: 'Check this message' }).click()
    const checker = await opened
    await expect(checker.getByRole('heading', { level: 2 })).toHaveText(`${message} 2.2.0: no errors found.`)
    await expect(checker.getByRole('main')).toContainText(told)
    await checker.close()
  }
  await page.getByText('As a curl command').first().click()
  await page.getByRole('button', { name: 'Copy as curl' }).first().click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/^curl -sS .*"acctNumber": "'"\$\{CARD:\?\}"'"/s)
})

test('a checked message is not logged, its answer is not cached, and other sites cannot post it', async ({
  product,
}) => {
  const from = product.logLength()
  const planted = `{"messageType":"AReq","messageVersion":"2.2.0","acctNumber":"${cards.hanako}","<b>":1,"mcc":"${cards.alex}"}`
  const address = `${product.addresses.web}/en/merchants/check`
  const post = (origin: string) =>
    fetch(address, { method: 'POST', headers: { origin }, body: new URLSearchParams({ message: planted }) })
  const answer = await post(product.addresses.web)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const html = await answer.text()
  expect(html).toContain('acctNumber')
  expect(html).not.toContain('<b>')
  expect((await post('https://elsewhere.example')).status).toBe(403)
  // The next visitor sees an empty form.
  const next = await fetch(address, { headers: { 'x-posted-message': 'made-up' } })
  expect(await next.text()).not.toContain(cards.hanako)
  expect(product.log(from)).not.toMatch(new RegExp(`${cards.hanako}|${cards.alex}`))
})
