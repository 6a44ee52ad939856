import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { otherThan } from './inbox.ts'
import { poll } from './poll.ts'
import type { Product } from './product.ts'
import { type Encryption, Sdk } from './sdk.ts'
import { addresses, count, type Order, type Shop } from './shop.ts'
import { expect, test } from './test.ts'

// A payment in an app, with the SDK's own keys, over HTTP.

const since231 = { sdkType: '01', defaultSdkType: { sdkVariant: '01' } }

async function buy(
  shop: Shop,
  product: Product,
  sdk: Sdk,
  messageVersion: '2.1.0' | '2.2.0' | '2.3.1' = '2.2.0',
): Promise<Order> {
  const order = await shop.order({ messageVersion, areq: { ...sdk.areq, ...(messageVersion === '2.3.1' && since231) } })
  const authority = readFileSync(join(product.dataDir, 'app-authority.pem'), 'utf8')
  // Node.js does not resolve *.localhost.
  await sdk.accept(order.ares, authority, product.addresses.web)
  return order
}

for (const encryption of ['A128CBC-HS256', 'A128GCM'] as Encryption[]) {
  for (const version of ['2.1.0', '2.2.0', '2.3.1'] as const) {
    test(`[Req 49, 53, 77, 191] a code entered in an app authenticates the cardholder, ${version} with ${encryption}`, async ({
      product,
      shop,
      inbox,
    }) => {
      const sdk = new Sdk({ encryption })
      const order = await buy(shop, product, sdk, version)
      expect(order.ares).toMatchObject({
        transStatus: 'C',
        sdkTransID: sdk.sdkTransID,
        acsRenderingType: { acsInterface: '01', acsUiTemplate: '01' },
      })
      expect(order.ares).not.toHaveProperty('acsURL')

      const asked = await sdk.send()
      expect(asked).toMatchObject({
        messageType: 'CRes',
        challengeCompletionInd: 'N',
        acsUiType: '01',
        acsCounterAtoS: '000',
      })
      expect(asked.challengeInfoText).toContain('12,800円')
      const code = await inbox.codeFor(addresses.hanako)

      const again = await sdk.send({ challengeDataEntry: otherThan(code) })
      expect(again).toMatchObject({ challengeInfoTextIndicator: 'Y', acsCounterAtoS: '001' })
      expect(again.challengeInfoText).toContain('あと4回')

      const done = await sdk.send({ challengeDataEntry: code })
      expect(done).toMatchObject({ challengeCompletionInd: 'Y', transStatus: 'Y', acsCounterAtoS: '002' })
      const { rreq, messages } = await shop.result(order)
      expect(rreq).toMatchObject({
        transStatus: 'Y',
        eci: '05',
        interactionCounter: '02',
        acsRenderingType: { acsInterface: '01', acsUiTemplate: '01' },
        ...(version !== '2.1.0' && { sdkTransID: sdk.sdkTransID }),
      })
      expect(count({ ...order, messages }, 'RReq')).toBe(1)
    })
  }
}

test('[Req 162, 164, 374] a device that shows only HTML pages gets one that fits it upright and sideways, and its form answers', async ({
  product,
  shop,
  inbox,
  page,
}) => {
  const sdk = new Sdk({ sdkInterface: '02', sdkUiType: ['05'], locale: 'en-US' })
  const order = await buy(shop, product, sdk)
  expect(order.ares).toMatchObject({ acsRenderingType: { acsInterface: '02', acsUiTemplate: '05' } })
  const asked = await sdk.send()
  expect(asked.acsUiType).toBe('05')

  // Like an SDK's web view: nothing external is loaded, and the form's address is intercepted.
  const outside: string[] = []
  let caught = ''
  await page.route('**/*', route => {
    const url = route.request().url()
    if (url.toLowerCase().startsWith('https://emv3ds/challenge')) caught = url.slice(url.indexOf('?') + 1)
    else outside.push(url)
    return route.fulfill({ contentType: 'text/html', body: '' })
  })
  const show = (acsHTML = '') => page.setContent(Buffer.from(acsHTML, 'base64url').toString('utf8'))
  const press = async (name: string) => {
    caught = ''
    await page.getByRole('button', { name }).click()
    await poll(() => caught).not.toBe('')
    return sdk.send({ challengeHTMLDataEntry: caught })
  }
  await show(asked.acsHTML)
  for (const [width, height] of [
    [320, 568],
    [568, 320],
  ] as const) {
    await page.setViewportSize({ width, height })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  }
  await page.getByLabel('Enter your verification code').fill('12345')
  const wrong = await press('Continue')
  await show(wrong.acsHTML)
  await expect(page.getByRole('alert')).toContainText('6 digits')
  const switched = await press('日本語')
  await show(switched.acsHTML)
  await page.getByLabel('認証コードを入力してください').fill(await inbox.codeFor(addresses.hanako))
  expect(await press('続行')).toMatchObject({ challengeCompletionInd: 'Y', transStatus: 'Y' })
  expect(outside).toEqual([])
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'Y', interactionCounter: '02' })
})

test('the shop gets the reason when the cardholder cancels in the app', async ({ product, shop }) => {
  for (const [challengeCancel, rreq] of [
    ['01', { transStatus: 'N', challengeCancel: '01' }],
    ['08', { transStatus: 'N', challengeCancel: '08' }],
  ] as const) {
    const sdk = new Sdk()
    const order = await buy(shop, product, sdk)
    await sdk.send()
    expect(await sdk.send({ challengeCancel })).toMatchObject({ challengeCompletionInd: 'Y', transStatus: 'N' })
    expect((await shop.result(order)).rreq).toMatchObject(rreq)
  }
})

test('an app that cannot show a screen reports it, and the shop gets the result', async ({ product, shop }) => {
  const sdk = new Sdk()
  const order = await buy(shop, product, sdk)
  await sdk.send()
  const answer = await sdk.post(sdk.erro(), 'application/json; charset=utf-8')
  expect(answer.body).toBe('')
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'U', challengeCancel: '06' })
})

test('an app that comes too late gets an unencrypted Erro', async ({ product, shop, inbox }) => {
  const sdk = new Sdk()
  const order = await buy(shop, product, sdk)
  await inbox.advance(31)
  expect(await sdk.send()).toMatchObject({ messageType: 'Erro', errorCode: '402', errorMessageType: 'CReq' })
  expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'N', challengeCancel: '05' })
})

test('a third party’s messages with a transaction’s id do not harm the cardholder', async ({
  product,
  shop,
  inbox,
}) => {
  const sdk = new Sdk()
  await buy(shop, product, sdk)
  const first = await sdk.encrypt(sdk.creq())
  await sdk.decrypt(await sdk.post(first))
  const stranger = new Sdk()
  const other = await buy(shop, product, stranger)
  const replayed = await sdk.decrypt(await sdk.post(first))
  expect(replayed).toMatchObject({ messageType: 'Erro', errorCode: '302' })
  const forged = await stranger.encrypt(sdk.creq({ challengeCancel: '01' }), { kid: sdk.creq().acsTransID })
  expect(await sdk.decrypt(await sdk.post(forged))).toMatchObject({ errorCode: '302' })
  expect(await sdk.decrypt(await sdk.post('x'.repeat(60_000)))).toMatchObject({ errorCode: '101' })
  await expect(sdk.post('x'.repeat(70_000))).rejects.toThrow('413')
  const code = await inbox.codeFor(addresses.hanako)
  expect(await sdk.send({ challengeDataEntry: code })).toMatchObject({ transStatus: 'Y' })
  expect((await shop.see(other)).rreq).toBeNull()
})
