import { newCardholder } from './cardholder.ts'
import { addresses, cards, count } from './shop.ts'
import { expect, test } from './test.ts'
import { decode } from './visitor.ts'
import { holdTimers, openWindow } from './window.ts'

// Bursts, power cuts, and gateways that are down.

test('a power cut loses neither an open window nor a result on its way, and makes no second one', async ({
  page,
  context,
  product,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  const reported = await shop.order({ card: cards.alex })
  const otherPage = await context.newPage()
  const otherWindow = await openWindow(otherPage, reported)
  await inbox.fault({ ds: 'down' })
  await otherWindow.finish(await inbox.codeFor(addresses.alex))
  await expect(otherPage.locator('.result')).toHaveAttribute('data-status', 'unconfirmed')
  await product.kill()
  await product.start()
  await inbox.fault({ ds: 'up' })

  // The code was sent before the cut, and is entered after it.
  await window.finish(code)
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
  const after = await shop.see(order)
  expect(after).toMatchObject({ rreq: { transStatus: 'Y' }, cres: { transStatus: 'Y' } })
  expect(count(after, 'RReq')).toBe(1)
  expect(await inbox.codes(addresses.hanako)).toEqual([code])

  // A result whose try failed just before the cut waits for its next turn.
  await inbox.advance(3600)
  const result = await shop.result(reported)
  expect(result.rreq).toMatchObject({ transStatus: 'Y', eci: '05', interactionCounter: '01' })
  expect(count(result, 'RReq')).toBe(1)
  await inbox.advance(3600)
  expect(count(await shop.see(reported), 'RReq')).toBe(1)
})

test.describe('while the database is down', () => {
  test.use({ tolerated: /"msg":"(?:web|worker)\.|"msg":"risk\.policies-not-read"|DATABASE|ECONN|CONNECTION/ })

  test('the window says so in both languages, and accepts the code once it is restarted', async ({
    page,
    product,
    shop,
    inbox,
  }) => {
    const order = await shop.order()
    const window = await openWindow(page, order)
    const code = await inbox.codeFor(addresses.hanako)
    const address = page.url()
    await product.withoutDatabase(async () => {
      const answer = await page.goto(address)
      expect(answer?.status()).toBeGreaterThanOrEqual(500)
      await expect(page.getByRole('heading')).toHaveText([
        'この画面は表示できません',
        'Sorry, we cannot show this page',
      ])
      // The number under which the log has the error.
      await expect(page.getByText(/^(お問い合わせ番号：|Reference: )[0-9a-f]{8}$/)).toHaveCount(2)
    })
    await page.goto(address)
    await window.finish(code)
    await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
    expect((await shop.order({ amount: 1_200 })).ares).toMatchObject({ transStatus: 'Y' })
  })
})

test('50 right codes sent concurrently authenticate once', async ({ shop, inbox, visitor }) => {
  const order = await shop.order()
  const path = await visitor.open(order)
  const code = await inbox.codeFor(addresses.hanako)
  const form = await visitor.form(path, 'name="code"')
  const answers = await Promise.all(Array.from({ length: 50 }, () => visitor.submit(path, form, { code })))
  for (const answer of answers) {
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(`${path}/return`)
  }
  const after = await shop.result(order)
  expect(after.rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '01' })
  expect(count(after, 'RReq')).toBe(1)
  expect(decode((await visitor.returnForm(path)).fields.cres)).toMatchObject({ transStatus: 'Y' })
})

test('a mail server that recovers within the minute gets the code, once', async ({ page, shop, inbox }) => {
  await inbox.fault({ smtp: 'down', sms: 'down' })
  const order = await shop.order({ card: cards.ken })
  const window = await openWindow(page, order)
  // A try has certainly failed once the next one is due.
  await inbox.advance(3)
  await inbox.fault({ smtp: 'up', sms: 'up' })
  // Less than the lease of a message that is being sent at this moment.
  await inbox.advance(15)
  await window.finish(await inbox.codeFor(addresses.ken))
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '05' })
  expect(await inbox.codes(addresses.ken)).toHaveLength(1)
})

test('a mail server that is down for over a minute ends the challenge as U/22', async ({
  page,
  product,
  shop,
  inbox,
}) => {
  await inbox.fault({ smtp: 'down', sms: 'down' })
  // Without an account there is no other method to choose.
  const person = await newCardholder(product, 'ja')
  const order = await shop.order({ card: person.card, challengeInd: '04' })
  const window = await openWindow(page, order)
  await inbox.advance(61)
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'U', transStatusReason: '22', eci: '07' })
  await holdTimers(page)
  await page.reload()
  await window.back.click()
  expect((await shop.returned(order)).cres).toMatchObject({ transStatus: 'N' })
  await inbox.fault({ smtp: 'up', sms: 'up' })
  await inbox.advance(120)
  expect(await inbox.codes(person.email)).toEqual([])
})

test('a directory server that is down does not keep cardholders in the window, and gets its result when it recovers', async ({
  page,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  await inbox.fault({ ds: 'down' })
  await window.finish(code)
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'unconfirmed')
  const before = await shop.see(order)
  expect(before).toMatchObject({ rreq: null, cres: { transStatus: 'Y' } })
  await inbox.fault({ ds: 'up' })
  await inbox.advance(3600)
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'Y', eci: '05' })
})
