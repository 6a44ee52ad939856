import { newCardholderWithNumber } from './cardholder.ts'
import { otherThan } from './inbox.ts'
import { addresses, cards } from './shop.ts'
import { expect, test } from './test.ts'
import { openWindow } from './window.ts'

// What a code is valid for, and for how long.

test('accepts a code in full-width digits, with a dash and spaces around it', async ({ page, shop, inbox }) => {
  const order = await shop.order({ card: cards.ken })
  const window = await openWindow(page, order)
  const fullWidth = (await inbox.codeFor(addresses.ken)).replace(/\d/g, digit =>
    String.fromCharCode(0xff10 + Number(digit)),
  )
  await window.finish(` ${fullWidth.slice(0, 3)}-${fullWidth.slice(3)}　`)
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '01' })
})

test('five wrong codes end the challenge, and each notice says how many attempts are left', async ({
  page,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const wrong = otherThan(await inbox.codeFor(addresses.hanako))
  for (const left of [4, 3, 2, 1]) {
    await window.enter(wrong)
    await expect(window.summary).toContainText(window.say.wrong(left))
  }
  await page.route('**/return.js', route => route.abort())
  await window.enter(wrong)
  await expect(window.heading).toHaveText(window.say.attemptsSpent)
  await window.back.click()
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'refused')
  const { rreq, cres, messages } = await shop.see(order)
  expect(rreq).toMatchObject({ transStatus: 'N', transStatusReason: '19', interactionCounter: '05', eci: '07' })
  expect(rreq).not.toHaveProperty('authenticationValue')
  expect(rreq).not.toHaveProperty('challengeCancel')
  expect(cres).toMatchObject({ transStatus: 'N' })
  expect(messages.map(({ message }) => message).slice(-3)).toEqual(['RReq', 'RRes', 'CRes'])
})

test('a card gets fifteen codes an hour at one shop: the next window says until when', async ({
  page,
  product,
  shop,
  visitor,
}) => {
  // Without an account there is no other method to choose.
  const { card } = await newCardholderWithNumber(product, 'ja')
  for (let opened = 0; opened < 15; opened++) await visitor.open(await shop.order({ card }))
  const order = await shop.order({ card })
  await page.route('**/return.js', route => route.abort())
  await page.goto(order.checkoutURL)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ただいま認証できません')
  await expect(page.locator('#next')).toContainText(/\d+:\d\d.*まで/)
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
})

test('a new code is sent after 30 seconds, and the one before becomes an earlier code', async ({
  page,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const first = await inbox.codeFor(addresses.hanako)
  await window.resend.click()
  await expect(window.notice).toContainText(window.say.tooSoon)
  await inbox.advance(31)
  await window.resend.click()
  await expect(window.notice).toHaveText(window.say.resent)
  const second = await inbox.codeFor(addresses.hanako, 2)
  await window.enter(first)
  await expect(window.summary).toContainText(window.say.earlier)
  await window.finish(second)
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '04' })
  expect(await inbox.codes(addresses.hanako)).toEqual([second, first])
})

test('a cardholder who cancels returns to the shop without paying', async ({ page, shop }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  await page.route('**/return.js', route => route.abort())
  await window.cancel.click()
  await window.confirmCancel.click()
  await expect(window.heading).toHaveText(window.say.cancelled)
  await window.back.click()
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'refused')
  const { rreq, cres } = await shop.see(order)
  expect(rreq).toMatchObject({ transStatus: 'N', transStatusReason: '01', challengeCancel: '01', eci: '07' })
  expect(cres).toMatchObject({ transStatus: 'N' })
})
