import { otherThan } from './inbox.ts'
import { addresses, cards, count } from './shop.ts'
import { expect, test } from './test.ts'
import { openWindow } from './window.ts'

// What a code is good for, and for how long.

const typings = [
  ['in full-width digits', (code: string) => code.replace(/\d/g, digit => String.fromCharCode(0xff10 + Number(digit)))],
  ['with a space', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ['with a dash and blanks around it', (code: string) => ` ${code.slice(0, 3)}-${code.slice(3)}　`],
] as const

for (const [how, typed] of typings) {
  test(`a code ${how} is accepted`, async ({ page, shop, inbox }) => {
    const order = await shop.order({ card: cards.ken })
    const window = await openWindow(page, order)
    await window.enter(typed(await inbox.codeFor(addresses.ken)))
    expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '01' })
  })
}

test('five wrong codes end the challenge, and each says how many tries are left', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const wrong = otherThan(await inbox.codeFor(addresses.hanako))
  for (const left of [4, 3, 2, 1]) {
    await window.enter(wrong)
    await expect(window.summary).toContainText(window.say.wrong(left))
  }
  await page.route('**/return.js', route => route.abort())
  await window.enter(wrong)
  await expect(window.heading).toHaveText(window.say.triesSpent)
  await window.back.click()
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'refused')
  const { rreq, cres, messages } = await shop.see(order)
  expect(rreq).toMatchObject({ transStatus: 'N', transStatusReason: '19', interactionCounter: '05', eci: '07' })
  expect(rreq).not.toHaveProperty('authenticationValue')
  expect(rreq).not.toHaveProperty('challengeCancel')
  expect(cres).toMatchObject({ transStatus: 'N' })
  expect(messages.map(({ message }) => message).slice(-3)).toEqual(['RReq', 'RRes', 'CRes'])
})

test('what is no code costs no try', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  for (const typed of ['', '12', 'abcdef', '1234567', '12345a', '', '99']) {
    await window.enter(typed)
    await expect(window.summary).toBeVisible()
  }
  await window.enter(await inbox.codeFor(addresses.hanako))
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '08' })
})

test('fifteen wrong codes in a row pause a card for an hour, and the next purchase says so', async ({
  page,
  shop,
  inbox,
}) => {
  const card = { card: cards.alex, locale: 'en' } as const
  for (const nth of [1, 2, 3]) {
    const order = await shop.order(card)
    const window = await openWindow(page, order, 'en')
    const wrong = otherThan(await inbox.codeFor(addresses.alex, nth))
    for (const _ of [1, 2, 3, 4]) {
      await window.enter(wrong)
      await expect(window.summary).toBeVisible()
    }
    await window.enter(wrong)
    expect((await shop.returned(order)).rreq).toMatchObject({ transStatusReason: '19' })
  }
  const { ares } = await shop.order(card)
  expect(ares).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
  expect(ares.cardholderInfo).toMatch(/Please try again later/)

  await inbox.advance(3601)
  const order = await shop.order(card)
  const window = await openWindow(page, order, 'en')
  await window.enter(await inbox.codeFor(addresses.alex, 4))
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y' })
})

test('ten windows of a card within an hour are enough: the next is closed at once', async ({ page, shop, visitor }) => {
  for (let opened = 0; opened < 10; opened++) await visitor.open(await shop.order({ card: cards.ken }))
  const order = await shop.order({ card: cards.ken })
  await page.route('**/return.js', route => route.abort())
  await page.goto(order.checkoutURL)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ただいま認証できません')
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'N', transStatusReason: '04' })
})

test('a new code is sent after 30 seconds, and the one before is an earlier one from then on', async ({
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
  await window.enter(second)
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '04' })
  expect(await inbox.codes(addresses.hanako)).toEqual([second, first])
})

test('at most five codes are sent, and the last one works', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  await inbox.codeFor(addresses.hanako)
  for (const nth of [2, 3, 4, 5]) {
    await inbox.advance(31)
    await window.resend.click()
    await expect(window.notice).toHaveText(window.say.resent)
    await inbox.codeFor(addresses.hanako, nth)
  }
  await inbox.advance(31)
  await window.resend.click()
  await expect(window.notice).toContainText(window.say.sendsSpent)
  await window.enter(await inbox.codeFor(addresses.hanako, 5))
  expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y' })
  expect(await inbox.codes(addresses.hanako)).toHaveLength(5)
})

test('a code expires after ten minutes, though its window lives on; a new one works', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const old = await inbox.codeFor(addresses.hanako)
  await inbox.advance(300)
  await window.otherLanguage.click()
  const english = window.in('en')
  await english.code.waitFor()
  await inbox.advance(301)
  await english.enter(old)
  await expect(english.summary).toContainText(english.say.expired)
  await english.resend.click()
  await expect(english.notice).toHaveText(english.say.resent)
  await english.enter(await inbox.codeFor(addresses.hanako, 2))
  const done = await shop.returned(order)
  expect(done.rreq).toMatchObject({ transStatus: 'Y' })
  expect(count(done, 'RReq')).toBe(1)
})

test('whoever cancels goes back to the shop without paying', async ({ page, shop }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  await page.route('**/return.js', route => route.abort())
  await window.cancel.click()
  await expect(window.heading).toHaveText(window.say.cancelled)
  await window.back.click()
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'refused')
  const { rreq, cres } = await shop.see(order)
  expect(rreq).toMatchObject({ transStatus: 'N', transStatusReason: '01', challengeCancel: '01', eci: '07' })
  expect(cres).toMatchObject({ transStatus: 'N' })
})
