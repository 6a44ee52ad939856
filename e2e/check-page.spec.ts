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
      await expect(page.getByRole('heading', { level: 2 })).toHaveText('AReq 2.3.1: 4 faults.')
      const rows = page.locator('tbody tr')
      await expect(rows).toContainText([
        'acctType has a value that is reserved. Expected: one of 01, 02, 03',
        'mcc has a wrong form or value. Expected: 4 digits.',
        'purchaseCurrency',
        'purchaseExponent',
      ])
      await expect(page.getByLabel('Message')).toHaveValue(JSON.stringify(faulty))
      await page.getByLabel('Message').fill(JSON.stringify({ ...areq, acctNumber: cards.hanako }))
      await page.getByRole('button', { name: 'Check' }).click()
      await expect(page.getByRole('heading', { level: 2 })).toHaveText('AReq 2.3.1: no fault found.')
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
  await expect(page.getByRole('heading', { level: 2 })).toHaveText('CReq 2.2.0：誤りが 1 件あります。')
  await expect(page.locator('tbody')).toContainText('challengeWindowSize の形式または値が正しくありません。')
  await message.fill(' ')
  await check.click()
  await expect(page.getByRole('alert').filter({ hasText: 'メッセージがありません' })).toBeVisible()
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
