import type { Page } from '@playwright/test'
import { AppDevice } from '../demo/phone/app-device.ts'
import { isAccessible } from './accessible.ts'
import type { Language } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import { poll } from './poll.ts'
import type { Product } from './product.ts'
import { send } from './raw.ts'
import { expect, test, withScripts } from './test.ts'

// An approval device is paired by the issuer's app, named and removed; what was not the owner's is reported, and the
// report resolved.

const words = {
  ja: {
    security: 'セキュリティ',
    devices: '承認用の端末',
    show: '端末コードを表示する',
    refresh: 'アプリに入力したら、この画面を更新する',
    change: '名前の変更と削除',
    renamed: '端末の名前を変更しました。',
    removed: '端末を削除しました。',
    none: 'まだ登録された端末はありません。',
    one: '1台',
    report: '心当たりがないことを知らせる',
    reported: 'お申し出を受け付けました。',
    stopped: 'お申し出により止めました。',
    resolve: '自分の操作ではないので取り消して、制限を解除する',
    resolved: '制限を解除しました。',
    unknown: 'この記録は見つかりません。',
  },
  en: {
    security: 'Security',
    devices: 'Approval devices',
    show: 'Show a code',
    refresh: 'I have entered the code: refresh this page',
    change: 'Rename or remove',
    renamed: 'The device has been renamed.',
    removed: 'The device has been removed.',
    none: 'You have no approval devices yet.',
    one: '1 device',
    report: 'Report that this was not me',
    reported: 'Thank you for your report.',
    stopped: 'Stopped because it was reported.',
    resolve: 'It was not me: remove the changes and lift the restriction',
    resolved: 'The restriction is lifted.',
    unknown:
      'We could not find this entry. If you do not recognise something, call the number on the back of your card.',
  },
} as const

/** Pairs as the issuer's app does. */
async function pair({ addresses }: Product, body: object, type = 'application/json') {
  const headers = { host: new URL(addresses.acs).host, 'content-type': type }
  const answer = await send(addresses.web, {
    method: 'POST',
    path: '/api/devices/pair',
    headers,
    body: Buffer.from(JSON.stringify(body)),
  })
  return { status: answer.status, ...(JSON.parse(answer.body) as { error?: object; device?: object }) }
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const code = async (page: Page) =>
  /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec((await page.getByRole('main').textContent()) ?? '')?.[0]

for (const language of ['ja', 'en'] as const satisfies readonly Language[]) {
  const say = words[language]
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })
    const accessible = async (page: Page) => javaScriptEnabled && isAccessible(page)

    test('a device is paired, named and removed; a payment is reported, and the report resolved', async ({
      page,
      product,
      inbox,
      shop,
    }) => {
      test.slow()
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      await page.goto(`${product.addresses.acs}/${language}/account/security`)
      await accessible(page)
      await page.getByRole('main').getByRole('link', { name: say.devices }).click()
      await expect(page.getByRole('navigation').getByRole('link', { name: say.security })).toHaveAttribute(
        'aria-current',
        'true',
      )
      await expect(page.getByText(say.none)).toBeVisible()
      await button(page, say.show).click()
      await poll(() => code(page)).toBeTruthy()
      await accessible(page)
      const app = new AppDevice()
      app.name = 'My phone'
      const request = await app.pairing(product.addresses.acs, (await code(page)) ?? '')
      expect(await pair(product, { ...request, name: '' })).toMatchObject({
        status: 400,
        error: { code: 'malformed', field: 'name' },
      })
      expect(await pair(product, request, 'text/plain')).toMatchObject({ status: 415 })
      expect(await pair(product, request)).toMatchObject({ status: 201, device: { name: 'My phone' } })
      expect(await pair(product, request)).toMatchObject({ status: 403, error: { code: 'code-unknown' } })
      await inbox.mailFrom('My phone', person.email)
      await page.getByRole('link', { name: say.refresh }).click()
      const device = page.getByRole('listitem').filter({ hasText: 'My phone' })
      await expect(device).toContainText(app.platform)
      await device.getByText(say.change).click()
      await device.locator('input[name=name]').fill('Old phone')
      await device.locator('form:has(input[name=name]) button').click()
      await expect(page.getByRole('status')).toContainText(say.renamed)
      await page.goto(`${product.addresses.acs}/${language}/account/security`)
      await expect(page.getByRole('listitem').filter({ hasText: say.devices })).toContainText(say.one)
      await page.goto(`${product.addresses.acs}/${language}/account/devices`)
      await page.getByText(say.change).click()
      await page.locator('form:has(input[name=deviceId]):not(:has(input[name=name])) button').click()
      await expect(page.getByRole('status')).toContainText(say.removed)
      await expect(page.getByText(say.none)).toBeVisible()

      // A payment that was not theirs is stopped from the activity, and the report resolved.
      const away = { card: person.card, cardholder: 'away', locale: language, merchantName: 'Sample Shop' } as const
      const order = await shop.order(away)
      expect(order).toMatchObject({ status: 'decoupled' })
      const account = `${product.addresses.acs}/${language}/account`
      await page.goto(`${account}/activity`)
      const entry = page.getByRole('listitem').filter({ hasText: 'Sample Shop' })
      await entry.getByRole('link').click()
      await accessible(page)
      await button(page, say.report).click()
      await expect(page.getByRole('status')).toContainText(say.reported)
      await expect(entry).toContainText(say.stopped)
      expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'R', transStatusReason: '11' })
      await page.goto(`${account}/activity/report/payment/${person.ref}`)
      await expect(page.getByRole('main')).toContainText(say.unknown)
      await page.goto(`${account}/contact`)
      await accessible(page)
      await button(page, say.resolve).click()
      await expect(page.getByRole('status')).toContainText(say.resolved)
      await expect(button(page, say.resolve)).toHaveCount(0)
    })
  })
}
