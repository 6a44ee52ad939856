import { formsIn } from '../demo/phone/forms.ts'
import { addresses, count } from './shop.ts'
import { expect, test } from './test.ts'
import { creqOf, decode, encode } from './visitor.ts'
import { ChallengeWindow, openWindow } from './window.ts'

// How abandoned windows end, and what comes after the end.

test.describe('a window that is not opened', () => {
  // Without scripts the shop's page waits for a click before it posts the CReq.
  test.use({ javaScriptEnabled: false })

  test('ends after 30 seconds, and a cardholder who opens it later is led back to the shop', async ({
    page,
    shop,
    inbox,
  }) => {
    const order = await shop.order()
    await page.goto(order.checkoutURL)
    await inbox.advance(31)
    const { rreq } = await shop.result(order)
    expect(rreq).toMatchObject({
      transStatus: 'N',
      transStatusReason: '14',
      challengeCancel: '05',
      interactionCounter: '00',
    })
    await page.locator('#creq button').click()
    await expect(page.getByRole('heading', { name: 'この画面は表示できません' })).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Sorry, we cannot show this page' })).toBeVisible()
    await page.getByRole('button', { name: 'お店の画面に戻る / Back to the shop' }).click()
    await expect(page.locator('.result')).toBeVisible()
    const after = await shop.see(order)
    expect(after.erro).toMatchObject({ errorCode: '402', errorComponent: 'A', errorMessageType: 'CReq' })
    expect(after.cres).toBeNull()
    expect(count(after, 'RReq')).toBe(1)
    expect(await inbox.codes(addresses.hanako)).toEqual([])
  })
})

test('a window left alone for ten minutes times out and leads back to the shop', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  await inbox.advance(601)
  const { rreq } = await shop.result(order)
  expect(rreq).toMatchObject({ transStatus: 'N', transStatusReason: '14', challengeCancel: '04' })
  // The page is still open, but the right code comes too late.
  await page.route('**/return.js', route => route.abort())
  await window.enter(code)
  await expect(window.heading).toHaveText(window.say.timedOut)
  await window.back.click()
  await expect(page.locator('.result')).toBeVisible()
  const after = await shop.see(order)
  expect(after.erro).toMatchObject({ errorCode: '402' })
  expect(after.cres).toBeNull()
  expect(count(after, 'RReq')).toBe(1)
})

test('a late request itself ends the challenge: no code is accepted after the deadline', async ({
  page,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const window = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  await inbox.advance(600)
  await window.finish(code)
  const after = await shop.returned(order)
  expect(after.rreq).toMatchObject({ transStatus: 'N', transStatusReason: '14', challengeCancel: '04' })
  expect(after.erro).toMatchObject({ errorCode: '402' })
})

test.describe('the back button', () => {
  test.use({ javaScriptEnabled: false })

  test('after the end shows the end, and its way back to the shop still works', async ({ page, shop, inbox }) => {
    const order = await shop.order()
    await page.goto(order.checkoutURL)
    await page.locator('#creq button').click()
    const window = new ChallengeWindow(page)
    await window.code.waitFor()
    const address = page.url()
    await window.enter(await inbox.codeFor(addresses.hanako))
    await expect(window.heading).toHaveText(window.say.authenticated)
    await window.back.click()
    await expect(page.locator('.result')).toBeVisible()
    await page.goBack()
    await expect(window.heading).toHaveText(window.say.authenticated)
    await page.goto(address)
    await expect(window.heading).toHaveText(window.say.authenticated)
    await window.back.click()
    await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
    const after = await shop.see(order)
    expect([count(after, 'RReq'), count(after, 'CRes')]).toEqual([1, 1])
  })
})

test('of two tabs of one window the second shows the end, and there is one result', async ({
  page,
  context,
  shop,
  inbox,
}) => {
  const order = await shop.order()
  const first = await openWindow(page, order)
  const code = await inbox.codeFor(addresses.hanako)
  const otherTab = await context.newPage()
  await otherTab.goto(page.url())
  const second = new ChallengeWindow(otherTab)
  await second.code.waitFor()
  await first.finish(code)
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
  await second.finish(code)
  await expect(otherTab.locator('.result')).toHaveAttribute('data-status', 'authenticated')
  const after = await shop.see(order)
  expect([count(after, 'RReq'), count(after, 'CRes')]).toEqual([1, 1])
})

test('the shop may redirect from its notification address to anywhere', async ({ shop, visitor, inbox }) => {
  const order = await shop.order()
  const path = await visitor.open(order)
  const policyOf = async (address: string) => (await visitor.get(address)).headers.get('content-security-policy')
  expect(await policyOf(path)).toContain("form-action 'self'")
  await visitor.enter(path, await inbox.codeFor(addresses.hanako))
  const last = await policyOf(`${path}/return`)
  expect(last).toContain("default-src 'none'")
  expect(last).not.toContain('form-action')
})

test('the merchant’s session data is returned byte for byte', async ({ page, shop, inbox }) => {
  const order = await shop.order()
  const sessionData = `a+b/c== &amp;"'<b> %20%zz 日本語 \\u0041 ${'x'.repeat(900)}=`
  let posted = ''
  await page.route('**/return', async route => {
    posted = route.request().postData() ?? ''
    await route.fulfill({ body: 'back at the shop', contentType: 'text/plain' })
  })
  // The shop's own form, with other session data in it.
  await page.route('**/checkout', async route => {
    const response = await route.fetch({ url: order.checkoutURL.replace('merchant.localhost', 'localhost') })
    const escaped = sessionData.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)
    const body = (await response.text()).replace(
      /(name="threeDSSessionData" value=")[^"]*/,
      (_, start) => start + escaped,
    )
    await route.fulfill({ response, body })
  })
  const window = await openWindow(page, order)
  await window.finish(await inbox.codeFor(addresses.hanako))
  await expect(page.getByText('back at the shop')).toBeVisible()
  const fields = new URLSearchParams(posted)
  expect(fields.get('threeDSSessionData')).toBe(sessionData)
  expect(decode(fields.get('cres') ?? '')).toMatchObject({ messageType: 'CRes', transStatus: 'Y' })
})

test('a merchant that sends no session data gets none back', async ({ shop, visitor, inbox }) => {
  const path = await visitor.open(await shop.order())
  await visitor.enter(path, await inbox.codeFor(addresses.hanako))
  const { fields, action } = await visitor.returnForm(path)
  expect(Object.keys(fields)).toEqual(['cres'])
  expect(action).toMatch(/^http:\/\/merchant\.localhost:\d+\/orders\/[^/]+\/return$/)
})

test('a second, different CReq ends the challenge', async ({ shop, visitor }) => {
  const order = await shop.order()
  await visitor.open(order)
  const again = await visitor.postCReq({
    creq: encode({ ...creqOf(order), challengeWindowSize: '05' }),
  })
  expect(again.status).toBe(400)
  const [form] = formsIn(await again.text())
  expect(decode(form?.fields.erro)).toMatchObject({ messageType: 'Erro', errorCode: '305' })
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'U' })
})
