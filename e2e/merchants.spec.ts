import { isAccessible } from './accessible.ts'
import { Account, type Language } from './account.ts'
import { newCardholderWithNumber } from './cardholder.ts'
import { poll } from './poll.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow } from './window.ts'

// A shop that a cardholder trusts: ticked in the window or in the account, with a notice to every contact, and removed
// with one press.

const words = {
  ja: {
    ...{
      box: '「信頼するお店」に追加する（原則、1回30,000円まで認証コード不要）',
      trusted: '「信頼するお店」に追加しました。',
    },
    ...{ told: '信頼するお店「', change: 'このお店を外す', remove: '「信頼するお店」から外す' },
    ...{
      removed: '「信頼するお店」から外しました。',
      trust: '「信頼するお店」に追加する',
      none: 'まだ登録されたお店はありません。',
    },
    title: '信頼するお店',
  },
  en: {
    ...{
      box: 'Trust this shop: usually no code up to ¥30,000',
      trusted: 'The shop has been added to your trusted shops.',
    },
    ...{ told: 'trusted shop added', change: 'Remove this shop', remove: 'Remove from trusted shops' },
    ...{
      removed: 'The shop has been removed from your trusted shops.',
      trust: 'Add to trusted shops',
      none: 'You have no trusted shops yet.',
    },
    title: 'Trusted shops',
  },
} as const

for (const [language, javaScriptEnabled] of [
  ['ja', true],
  ['en', false],
] as const satisfies readonly (readonly [Language, boolean])[]) {
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('a shop ticked in the window needs no code next time, until it is removed; and can be trusted again', async ({
      page,
      product,
      inbox,
      shop,
    }) => {
      // Three payments, and the account between them.
      test.slow()
      const say = words[language]
      const person = await newCardholderWithNumber(product, language)
      const request = { card: person.card, locale: language, merchantName: 'Sample Shop' }
      const order = await shop.order(request)
      await page.goto(order.checkoutURL)
      if (!javaScriptEnabled) await page.locator('button[data-again]').click()
      const window = new ChallengeWindow(page, language)
      const box = page.getByRole('checkbox', { name: say.box })
      await expect(box).not.toBeChecked()
      await box.check()
      await window.enter('000')
      await expect(window.summary).toBeVisible()
      await expect(box).toBeChecked()
      if (javaScriptEnabled) await isAccessible(page)
      await window.finish(await inbox.freshCode('sms', person.mobile))
      expect((await shop.result(order)).rreq).toMatchObject({ transStatus: 'Y', whiteListStatus: 'Y' })
      const told = async () => (await inbox.texts(person.mobile)).some(({ text }) => text.includes(say.told))
      await poll(told).toBe(true)
      expect(await shop.order(request)).toMatchObject({ status: 'authenticated', ares: { whiteListStatus: 'Y' } })

      const account = new Account(page, product, inbox, language)
      const address = await account.enrol(person)
      await account.open('/merchants')
      await expect(account.heading).toHaveText(say.title)
      await page.getByText(say.change).click()
      if (javaScriptEnabled) await isAccessible(page)
      await page.getByRole('button', { name: say.remove }).click()
      await expect(page.getByRole('status')).toContainText(say.removed)
      await expect(page.getByText(say.none)).toBeVisible()
      expect((await shop.order(request)).ares).toMatchObject({ transStatus: 'C' })

      await account.signOut()
      await account.signInByCode(address)
      await expect(account.heading).toHaveText(account.say.overview)
      await account.open('/merchants')
      await page.getByRole('button', { name: say.trust }).click()
      await account.confirmByText(person.mobile)
      await page.getByRole('button', { name: say.trust }).click()
      await expect(page.getByRole('status')).toContainText(say.trusted)
      expect(await shop.order(request)).toMatchObject({ status: 'authenticated' })
    })
  })
}
