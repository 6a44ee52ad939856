import type { Page } from '@playwright/test'
import { isAccessibleAs } from './accessible.ts'
import { Account, type Language, people } from './account.ts'
import { type Cardholder, newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import { poll } from './poll.ts'
import { cards, type OrderRequest } from './shop.ts'
import { expect, test, withScripts } from './test.ts'

// A payment that a shop requests while the cardholder is absent: notified by message, answered in the account.

const words = {
  ja: {
    approve: '承認する',
    decline: '拒否する',
    none: '承認待ちのお支払いはありません。',
    approved: 'お支払いを承認しました。',
    declined: 'お支払いを拒否しました。',
    over: 'このお支払いは、もう承認も拒否もできません。',
    title: '承認待ちのお支払い',
    amount: '12,800円',
    waiting: '承認待ちのお支払いが1件あります',
    youDeclined: 'お支払いを拒否しました。',
  },
  en: {
    approve: 'Approve',
    decline: 'Decline',
    none: 'No payments are waiting for your approval.',
    approved: 'You have approved the payment.',
    declined: 'You have declined the payment.',
    over: 'You can no longer answer this payment.',
    title: 'Payments to confirm',
    amount: '¥12,800',
    waiting: '1 payment is waiting for your approval',
    youDeclined: 'You declined it.',
  },
} as const

const away = (person: Cardholder): OrderRequest => ({
  card: person.card,
  cardholder: 'away',
  locale: person.language,
  merchantName: 'Sample Shop',
})
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

for (const language of ['ja', 'en'] as const satisfies readonly Language[]) {
  const say = words[language]
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('a cardholder who is notified and approves has paid', async ({ page, product, inbox, shop }) => {
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      const order = await shop.order(away(person))
      expect(order).toMatchObject({ status: 'decoupled', ares: { transStatus: 'D', acsDecConInd: 'Y' } })
      const text = async () => (await inbox.texts(person.mobile)).find(each => each.text.includes(say.amount))?.text
      await poll(text).toContain('Sample Shop')
      expect(await text()).not.toContain('://')
      await inbox.mailFrom('Sample Shop', person.email)
      await page.goto((await inbox.linkTo(person.email)) ?? '')
      const payment = page.getByRole('listitem').filter({ hasText: 'Sample Shop' })
      await expect(payment).toContainText(say.amount)
      await expect(payment).toContainText(person.card.slice(-4))
      await button(page, say.approve).click()
      await expect(page.getByRole('status')).toContainText(say.approved)
      await expect(page.getByText(say.none)).toBeVisible()
      const { rreq, status } = await shop.result(order)
      expect(rreq).toMatchObject({ transStatus: 'Y', eci: '05', authenticationValue: expect.any(String) })
      expect(status).toBe('authenticated')
    })

    test('a cardholder who signed in by e-mail code confirms first, and then declines', async ({
      page,
      product,
      inbox,
      shop,
    }) => {
      const person = await newCardholder(product, language)
      const account = new Account(page, product, inbox, language)
      const address = await account.enrol(person)
      await account.signOut()
      const order = await shop.order(away(person))
      await inbox.mailFrom('Sample Shop', person.email)
      // Without a session, sign-in leads to the page of the link.
      await page.goto((await inbox.linkTo(person.email)) ?? '')
      await account.signInByCode(address)
      await expect(account.heading).toHaveText(say.title)
      await button(page, say.decline).click()
      await account.confirmByText(person.mobile)
      await expect(account.heading).toHaveText(say.title)
      await button(page, say.decline).click()
      await expect(page.getByRole('status')).toContainText(say.declined)
      expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'N', transStatusReason: '01' })
      await account.open('/activity')
      await expect(page.getByText(say.youDeclined)).toBeVisible()
    })
  })

  test(`the page of waiting payments has no barriers (${language})`, async ({ page, product, inbox, shop }) => {
    const person = await newCardholder(product, language)
    await enrol(page, product, inbox, person)
    await page.goto(`${product.addresses.acs}/${language}/account/payments`)
    await expect(page.getByText(say.none)).toBeVisible()
    await isAccessibleAs(page, language)
    await shop.order({ ...away(person), merchantName: 'とても長い名前のお店とても長い名前のお店とても長い名前のお店' })
    await shop.order({ ...away(person), amount: 999_999_999_999, currency: 'USD' })
    await inbox.advance(301)
    await page.reload()
    await expect(button(page, say.approve)).toHaveCount(2)
    await isAccessibleAs(page, language)
    await page.goto(`${product.addresses.acs}/${language}/account`)
    await isAccessibleAs(page, language)
  })
}

// The same in both languages.

test('the shop charges without the cardholder', async ({ page, product, inbox }) => {
  const account = new Account(page, product, inbox, 'ja')
  await account.enrol(people.hanako)
  await page.goto(`${product.addresses.merchant}/?lang=ja`)
  await page.locator('input[name=product][value=teapot]').check()
  await page.locator(`input[name=card][value="${cards.hanako}"]`).check()
  await page.locator('select[name=cardholder]').selectOption('away')
  await page.locator('button.pay').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('カード会社からの連絡をお待ちください')
  await expect(page.locator('.issuer')).toBeVisible()
  // Hanako's cards are used in many tests: waits for her messages before the next test begins.
  const told = async () => [await inbox.mails(people.hanako.email), await inbox.texts(people.hanako.mobile)]
  const ofShop = async () => (await told()).map(all => all.some(({ text }) => text.includes('12,800')))
  await poll(ofShop).toEqual([true, true])
  await account.open('/payments')
  await button(page, words.ja.decline).first().click()
  await expect(page.getByRole('status')).toContainText(words.ja.declined)
})

test('a payment without an answer is not made, and an open page answers too late', async ({
  page,
  product,
  inbox,
  shop,
}) => {
  const person = await newCardholder(product, 'en')
  const account = new Account(page, product, inbox, 'en')
  await account.enrol(person)
  const order = await shop.order({ ...away(person), areq: { threeDSRequestorDecMaxTime: '00005' } })
  await account.open()
  await page.getByRole('heading', { name: words.en.waiting }).waitFor()
  await account.open('/payments')
  await expect(button(page, words.en.approve)).toBeVisible()
  await inbox.advance(240)
  expect((await shop.see(order)).rreq).toBeNull()
  await inbox.advance(60)
  const { rreq } = await shop.result(order)
  expect(rreq).toMatchObject({ transStatus: 'U', transStatusReason: '24', challengeCancel: '03' })
  await button(page, words.en.approve).click()
  // Five minutes have passed since enrolment, too.
  await account.confirmByText(person.mobile)
  await expect(page.getByText(words.en.none)).toBeVisible()
  expect((await shop.see(order)).status).toBe('unavailable')
})

test('another cardholder’s payment cannot be approved, and a second window cannot answer again', async ({
  page,
  product,
  inbox,
  shop,
}) => {
  const [mine, other] = [await newCardholder(product, 'en'), await newCardholder(product, 'en')]
  await enrol(page, product, inbox, mine)
  const elsewhere = await page.context().browser()?.newContext()
  const otherPage = await elsewhere?.newPage()
  if (!otherPage) throw new Error('no second browser')
  await enrol(otherPage, product, inbox, other)
  const order = await shop.order(away(mine))
  const foreign = await shop.order(away(other))
  await page.goto(`${product.addresses.acs}/en/account/payments`)
  await expect(page.getByText(words.en.amount)).toHaveCount(1)
  const second = await page.context().newPage()
  await second.goto(page.url())
  await page.evaluate(id => {
    for (const field of document.querySelectorAll<HTMLInputElement>('input[name=paymentId]')) field.value = id
  }, String(foreign.ares.acsTransID))
  await button(page, words.en.approve).click()
  await expect(page.getByRole('status')).toContainText(words.en.over)
  expect((await shop.see(foreign)).status).toBe('decoupled')
  await button(page, words.en.approve).click()
  await expect(page.getByRole('status')).toContainText(words.en.approved)
  await button(second, words.en.decline).click()
  await expect(second.getByRole('status')).toContainText(words.en.over)
  const { rreq, messages } = await shop.result(order)
  expect(rreq).toMatchObject({ transStatus: 'Y' })
  expect(messages.filter(({ message }) => message === 'RReq')).toHaveLength(1)
  await elsewhere?.close()
})
