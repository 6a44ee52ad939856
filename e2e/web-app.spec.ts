import type { CDPSession, Page } from '@playwright/test'
import { isAccessible } from './accessible.ts'
import { Account, addAuthenticator } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { poll } from './poll.ts'
import { PushService } from './push-service.ts'
import { call } from './routes.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow } from './window.ts'

// A browser is registered as an approval device; payments are approved and declined on it. Browsers cannot subscribe to
// a push service of ours: `subscribe` is replaced, and what our push service gets is handed to the real service worker
// by DevTools.

const say = {
  register: 'この端末を登録する',
  turnOn: '通知をオンにする',
  on: 'この端末の通知はオンです。',
  none: '承認待ちのお支払いはありません。',
  saved: '認証方法を保存しました。',
  heading: '登録した端末で承認してください',
  malformed: '認証の画面に出ている2桁の番号を入力してください。',
  approve: 'パスキーで承認する',
  approved: 'お支払いを承認しました。',
  wrong: '番号が違うため、この承認の依頼は終了しました。',
  ended: '端末に違う番号が入力されたため、端末での承認の依頼は終了しました。',
  again: '端末にもう一度依頼する',
  decline: '拒否する',
  declined: 'お支払いを拒否しました。',
  push: 'お支払いの承認',
  amount: '12,800円',
} as const

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const otherThan = (number: string) => String((Number(number) + 1) % 100).padStart(2, '0')

/** Hands push messages to the service worker of a page's origin. */
async function serviceWorkerOf(page: Page, session: CDPSession) {
  const registered = new Promise<string>(resolve =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations
      if (registration) resolve(registration.registrationId)
    }),
  )
  await session.send('ServiceWorker.enable')
  const { origin } = new URL(page.url())
  const registrationId = await registered
  return {
    deliver: (data: string) => session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data }),
  }
}

const shownTo = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    const notifications = (await registration?.getNotifications()) ?? []
    return notifications.map(({ title, body }) => `${title} ${body}`).join()
  })

test('a payment is approved on a registered browser, and another is declined there with its passkey', async ({
  page,
  product,
  inbox,
  shop,
  browser,
}) => {
  test.slow()
  const service = new PushService(Number(new URL(product.addresses.spare).port))
  await service.start()
  await page.context().grantPermissions(['notifications'])
  await page.addInitScript(given => {
    if (!('PushManager' in window)) return
    const made = { ...given, toJSON: () => given, unsubscribe: async () => true } as unknown as PushSubscription
    PushManager.prototype.getSubscription = async () => (localStorage.getItem('subscribed') ? made : null)
    PushManager.prototype.subscribe = async () => {
      localStorage.setItem('subscribed', 'yes')
      return made
    }
  }, service.subscription)
  const person = await newCardholder(product, 'ja')
  const account = new Account(page, product, inbox, 'ja')
  await account.enrol(person)
  const { session } = await addAuthenticator(page)
  await account.open('/passkeys')
  await button(page, account.say.addPasskey).click()
  await expect(page.getByText(account.say.changePasskey)).toBeVisible()
  await account.open('/devices')
  await isAccessible(page)
  await button(page, say.register).click()
  await expect(page.getByText(say.none)).toBeVisible()
  await isAccessible(page)
  await button(page, say.turnOn).click()
  await expect(page.getByText(say.on)).toBeVisible()

  await account.open('/settings')
  await page.locator('input[name=preferredMethod][value=push]').check()
  await page.locator('form:has(input[name=preferredMethod]) button').click()
  await expect(page.getByRole('status')).toContainText(say.saved)
  // From the third business day on, at most twelve days away, it may approve larger purchases; the session has long
  // ended by then.
  await inbox.advance(13 * 24 * 3600)
  await account.open('/approve')
  await expect(page.getByText(say.none)).toBeVisible()

  const order = await shop.order({ card: person.card, locale: 'ja', merchantName: 'Sample Shop' })
  const shopPage = await page.context().newPage()
  await shopPage.goto(order.checkoutURL)
  const window = new ChallengeWindow(shopPage)
  await expect(window.heading).toHaveText(say.heading)
  await isAccessible(shopPage)
  await poll(() => service.received.length, 'the push').toBe(1)
  const [push] = service.received
  await page.bringToFront()
  const worker = await serviceWorkerOf(page, session)
  // DevTools does not say whether the worker was there to take a message. The same message again replaces the first.
  const take = async () => {
    await worker.deliver(push ?? '')
    return shownTo(page)
  }
  await expect.poll(take, { message: 'the notification', intervals: [1000] }).toContain(say.push)
  expect(await shownTo(page)).toContain(say.amount)
  const request = page.getByRole('region', { name: 'Sample Shop' })
  await expect(request).toContainText(say.amount)
  await isAccessible(page)

  // What cannot be the number is returned; a wrong number ends the request, and the window says so by itself.
  const number = async () => (await shopPage.locator('main strong').textContent()) ?? ''
  const first = await number()
  await page.locator('main input[name=number]').fill('1')
  await button(page, say.approve).click()
  await expect(page.getByRole('alert').filter({ hasText: say.malformed })).toBeVisible()
  await isAccessible(page)
  await page.locator('main input[name=number]').fill(otherThan(first))
  await button(page, say.approve).click()
  await expect(page.getByRole('status').first()).toContainText(say.wrong)
  await expect(shopPage.getByText(say.ended)).toBeVisible()
  await isAccessible(shopPage)
  await button(shopPage, say.again).click()
  await expect(shopPage.locator('main strong')).toBeVisible()
  await page.locator('main input[name=number]').fill(await number())
  await button(page, say.approve).click()
  await expect(page.getByRole('status').first()).toContainText(say.approved)
  const { rreq } = await shop.returned(order)
  expect(rreq).toMatchObject({ transStatus: 'Y' })
  expect((await shop.see(order)).status).toBe('authenticated')

  // Without scripts and without a session, the device's cookie lists the next request, and answers nothing.
  const cookies = (await page.context().cookies()).filter(({ name }) => name === '__Host-safekey-approval')
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Lax' }])
  const plain = await browser.newContext({ javaScriptEnabled: false })
  await plain.addCookies(cookies)
  const device = await plain.newPage()
  const second = await shop.order({ card: person.card, locale: 'ja', merchantName: 'Second Shop' })
  await shopPage.goto(second.checkoutURL)
  await expect(window.heading).toHaveText(say.heading)
  await device.goto(`${product.addresses.acs}/ja/account/approve`)
  await expect(device.getByRole('region', { name: 'Second Shop' })).toBeVisible()
  await expect(device.getByRole('region').getByRole('button')).toHaveCount(0)
  const stolen = await call(
    product,
    '/api/approval/answer',
    cookies.map(({ name, value }) => `${name}=${value}`).join(),
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(new URLSearchParams({ requestId: 'any', answer: 'declined', credential: '{}' }).toString()),
    },
  )
  expect(stolen.body).not.toContain('"ok":true')
  await plain.close()
  await account.open('/approve')
  await button(page, say.decline).click()
  await expect(page.getByRole('status').first()).toContainText(say.declined)
  expect((await shop.result(second)).rreq).toMatchObject({ transStatus: 'N' })
  service.stop()
})
