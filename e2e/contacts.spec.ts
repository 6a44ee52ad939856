import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { isAccessibleIn } from './accessible.ts'
import { fill, newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import { poll } from './poll.ts'
import { expect, test, withScripts } from './test.ts'

// A cardholder sees where codes go, and changes that safely.

const day = 86_400
const words = {
  ja: {
    changeEmail: 'メールアドレスを変更する',
    changeMobile: '携帯電話番号を変更する',
    malformed: 'メールアドレスの形式が正しくありません。',
    noSms: 'この番号ではSMSを受け取れません。',
    emailChanged: 'メールアドレスを変更しました。',
    mobileConfirmed: '新しい携帯電話番号を確認しました。',
    midnight: '午前0時(日本時間)',
    callOff: 'この変更を取り消す',
    cancelled: '変更を取り消しました。',
    report: '心当たりがないことを知らせる',
    reported: 'お申し出を受け付け、変更を止めました。',
    unusable: 'このリンクまたはコードは使えません。',
    stopped: '停止中です。',
    stopHeading: 'これまでの番号を使えなくなったとき',
    stop: /への送信を今すぐ止める$/,
    stoppedNow: 'これまでの携帯電話番号への送信を止め、その番号にもお知らせしました。',
    restricted: '携帯電話番号への送信を止めたため、',
    stopEntry: '携帯電話番号への送信停止',
    stopText: /送信を止めました。.*[0-9A-Z]{5}-[0-9A-Z]{5}/,
    test: 'テスト用のコードを送る',
    arrived: '届きました',
    again: '状況を更新する',
    csv: '表（CSV）で保存する',
    error: 'エラー：',
  },
  en: {
    changeEmail: 'Change e-mail address',
    changeMobile: 'Change mobile number',
    malformed: 'Enter an e-mail address like name@example.com.',
    noSms: 'This number cannot receive text messages.',
    emailChanged: 'Your e-mail address has been changed.',
    mobileConfirmed: 'Your new mobile number is confirmed.',
    midnight: '00:00 JST',
    callOff: 'Cancel this change',
    cancelled: 'The change has been cancelled.',
    report: 'Report that this was not me',
    reported: 'Thank you. We have stopped the change.',
    unusable: 'This link or code cannot be used.',
    stopped: 'Stopped. No codes are sent here.',
    stopHeading: 'If you no longer have your old number',
    stop: /^Stop sending codes to/,
    stoppedNow: 'We no longer send codes to that mobile number',
    restricted: 'Codes to your mobile number were stopped. Until',
    stopEntry: 'Codes to a mobile number stopped',
    stopText: /Codes no longer go to .*[0-9A-Z]{5}-[0-9A-Z]{5}/,
    test: 'Send a test code',
    arrived: 'Arrived',
    again: 'Refresh',
    csv: 'Download as CSV',
    error: 'Error: ',
  },
} as const

const views = [320, 1280].map(width => ({ name: `${width} px`, width, media: {} }))

async function isAccessible(page: Page): Promise<void> {
  await isAccessibleIn(page, views, async () => {
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow, page.url()).toBeLessThanOrEqual(0)
  })
}

for (const language of ['ja', 'en'] as const) {
  const say = words[language]
  const javaScriptEnabled = !withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    test.use({ javaScriptEnabled })

    test('a new e-mail address is effective once its code is entered; the old one is notified, and its report locks the account', async ({
      page,
      browser,
      product,
      shop,
      inbox,
    }) => {
      test.slow()
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      await page.goto(`${product.addresses.acs}/${language}/account/contact`)
      if (javaScriptEnabled) await isAccessible(page)
      await page.getByRole('link', { name: say.changeEmail }).first().click()
      await fill(page, 'contact-email-email', 'no address')
      await expect(page.locator('#contact-email-summary')).toContainText(say.malformed)
      await expect(page).toHaveTitle(new RegExp(`^${say.error}`))
      await expect(page.locator('#contact-email-email')).toHaveValue('no address')
      if (javaScriptEnabled) await isAccessible(page)

      const address = `new-${person.ref}@cardholder.example`
      await fill(page, 'contact-email-email', address.replace('@', '＠'))
      await page.locator('#contact-email-code-code').waitFor()
      if (javaScriptEnabled) await isAccessible(page)
      await fill(page, 'contact-email-code-code', await inbox.codeFor(address))
      await expect(page.getByRole('status').first()).toContainText(say.emailChanged)
      await expect(page.getByRole('main')).toContainText('n•••@cardholder.example')

      // The old address gets a link that acts only when its button is pressed.
      await poll(async () => inbox.linkTo(person.email)).toBeTruthy()
      const link = (await inbox.linkTo(person.email)) ?? ''
      const stranger = await browser.newContext({ javaScriptEnabled })
      const other = await stranger.newPage()
      await other.goto(link)
      if (javaScriptEnabled) await isAccessible(other)
      await page.reload()
      await expect(page.getByRole('main')).toContainText('n•••@cardholder.example')
      await other.getByRole('button', { name: say.report }).click()
      await expect(other.getByRole('main')).toContainText(say.reported)
      await other.goto(link.replace(/[0-9a-f]{32}$/, '0'.repeat(32)))
      await expect(other.getByRole('main')).toContainText(say.unusable)
      await stranger.close()

      // Signed out everywhere; codes for payments go only to the mobile number.
      await page.goto(`${product.addresses.acs}/${language}/account/contact`)
      await expect(page).toHaveURL(/\/account\/sign-in\/contact$/)
      const order = await shop.order({ card: person.card, locale: language })
      expect(order.ares).toMatchObject({ transStatus: 'C' })
    })

    test('a new mobile number becomes effective on its day; until then the old one gets the codes', async ({
      page,
      product,
      shop,
      inbox,
      visitor,
    }) => {
      test.slow()
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      await page.goto(`${product.addresses.acs}/${language}/account/contact/mobile`)
      await fill(page, 'contact-mobile-mobile', '050-1234-5678')
      await expect(page.locator('#contact-mobile-summary')).toContainText(say.noSms)
      if (javaScriptEnabled) await isAccessible(page)
      const number = person.mobile.replace('+8180', '+8170')
      await fill(page, 'contact-mobile-mobile', `０70ー${number.slice(5, 9)}−${number.slice(9)}`)
      await page.locator('#contact-mobile-code-code').waitFor()
      await fill(page, 'contact-mobile-code-code', await inbox.codeByText(number))
      await expect(page.getByRole('status').first()).toContainText(say.mobileConfirmed)
      await expect(page.getByRole('main')).toContainText(say.midnight)
      if (javaScriptEnabled) await isAccessible(page)

      const codesAt = async (to: string) =>
        (await inbox.texts(to)).filter(({ text }) => text.includes('Waiting Shop')).length
      const pay = async () =>
        visitor.open(await shop.order({ card: person.card, locale: language, merchantName: 'Waiting Shop' }))
      await pay()
      await poll(() => codesAt(person.mobile)).toBe(1)
      // The third business day is at most twelve days away.
      await inbox.advance(13 * day)
      await pay()
      await poll(() => codesAt(number)).toBe(1)
      expect(await codesAt(person.mobile)).toBe(1)
    })

    test('a pending number can be cancelled, and the old one stopped at once', async ({ page, product, inbox }) => {
      test.slow()
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      const number = person.mobile.replace('+8180', '+8170')
      const change = async () => {
        await page.goto(`${product.addresses.acs}/${language}/account/contact/mobile`)
        await fill(page, 'contact-mobile-mobile', number)
        await page.locator('#contact-mobile-code-code').waitFor()
        await fill(page, 'contact-mobile-code-code', await inbox.freshCode('sms', number))
        await expect(page.getByRole('status').first()).toContainText(say.mobileConfirmed)
      }
      await change()
      await page.getByRole('button', { name: say.callOff }).click()
      await expect(page.getByRole('status').first()).toContainText(say.cancelled)
      await inbox.advance(31)
      await change()
      await page.getByText(say.stopHeading).click()
      await page.getByRole('button', { name: say.stop }).click()
      await expect(page.getByRole('status').first()).toContainText(say.stoppedNow)
      // The page shows the restriction with its reason and end, and the activity shows the stop.
      await expect(page.getByRole('main')).toContainText(say.restricted)
      if (javaScriptEnabled) await isAccessible(page)
      await page.goto(`${product.addresses.acs}/${language}/account/activity`)
      await expect(page.getByRole('main').getByRole('listitem').first()).toContainText(say.stopEntry)
      // The stopped number gets a code with which its owner can report the change.
      const told = async () => (await inbox.texts(person.mobile)).map(({ text }) => text).join('\n')
      await poll(told).toMatch(say.stopText)
    })

    test('activity is shown in a list, and in a table to keep', async ({ page, product, shop, inbox, visitor }) => {
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      const order = await shop.order({ card: person.card, locale: language, merchantName: '=1+1 Shop' })
      await visitor.open(order)
      await page.goto(`${product.addresses.acs}/${language}/account/activity`)
      await expect(page.getByRole('listitem').filter({ hasText: '=1+1 Shop' })).toContainText('12,800')
      if (javaScriptEnabled) await isAccessible(page)
      const downloading = page.waitForEvent('download')
      await page.getByRole('link', { name: say.csv }).click()
      const download = await downloading
      expect(download.suggestedFilename()).toBe('activity.csv')
      expect(readFileSync(await download.path(), 'utf8')).toContain(`"'=1+1 Shop`)
      const stranger = await fetch(`${product.addresses.web}/${language}/account/activity/csv`, {
        redirect: 'manual',
      })
      expect(stranger.status).toBe(303)
    })

    test('a test code shows by which contact it arrives', async ({ page, product, inbox }) => {
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      await page.goto(`${product.addresses.acs}/${language}/account/contact/test`)
      await page.getByRole('button', { name: say.test }).click()
      await expect(async () => {
        await page.getByRole('link', { name: say.again }).click()
        await expect(page.getByRole('main')).toContainText(say.arrived, { timeout: 1000 })
      }).toPass()
      if (javaScriptEnabled) await isAccessible(page)
    })
  })
}
