import { isAccessible } from './accessible.ts'
import { Account, type Language } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { poll } from './poll.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow } from './window.ts'

// A cardholder's own settings: the language, and a personal message by which to recognise the real window.

const words = {
  ja: {
    ...{
      settings: '設定',
      personalMessage: '港の<b>見える</b>丘🐈',
      saved: '目印のことばを保存しました。',
      other: '英語（English）',
    },
    ...{
      saveLanguage: '言語を保存する',
      languageSaved: '言語の設定を保存しました。',
      subject: 'Your verification code',
    },
    ...{
      remove: '目印のことばを削除する',
      removed: '目印のことばを削除しました。',
      address: '電話番号、5桁以上の数字は使えません。',
    },
  },
  en: {
    ...{
      settings: 'Settings',
      personalMessage: 'Cats <b>on</b> the hill 🐈',
      saved: 'Your personal message is saved.',
      other: 'Japanese (日本語)',
    },
    ...{
      saveLanguage: 'Save the language',
      languageSaved: 'Your choice of language is saved.',
      subject: '認証コードのお知らせ',
    },
    ...{
      remove: 'Remove the message',
      removed: 'Your personal message has been removed.',
      address: 'numbers of five or more digits.',
    },
  },
} as const

for (const [language, other, javaScriptEnabled] of [
  ['ja', 'en', true],
  ['en', 'ja', false],
] as const satisfies readonly (readonly [Language, Language, boolean])[]) {
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('language and personal message are set in the account, and used at the next payment; cards are masked', async ({
      page,
      product,
      inbox,
      shop,
    }) => {
      // Every setting, and a payment.
      test.slow()
      const say = words[language]
      const person = await newCardholder(product, language)
      const account = new Account(page, product, inbox, language)
      const address = await account.enrol(person)
      await account.signOut()
      await account.signInByCode(address)
      await expect(account.heading).toHaveText(account.say.overview)
      await account.open('/settings')
      await expect(account.heading).toHaveText(say.settings)
      await page.getByRole('radio', { name: say.other }).check()
      // A session by e-mail code confirms first; then the selection is kept.
      await page.getByRole('button', { name: say.saveLanguage }).click()
      await account.confirmByText(person.mobile)
      await expect(page.getByRole('radio', { name: say.other })).toBeChecked()
      await page.getByRole('button', { name: say.saveLanguage }).click()
      await expect(page.getByRole('status')).toHaveText(say.languageSaved)
      await expect(page.getByRole('radio', { name: say.other })).toBeChecked()

      const personalMessage = page.locator('#settings-personal-message-personalMessage')
      const save = page.locator('form:has(#settings-personal-message-personalMessage) button')
      await personalMessage.fill('evil.example')
      await save.click()
      await expect(account.summary).toContainText(say.address)
      await expect(personalMessage).toHaveAttribute('aria-invalid', 'true')
      if (javaScriptEnabled) await isAccessible(page)
      await personalMessage.fill(say.personalMessage)
      await save.click()
      await expect(page.getByRole('status')).toContainText(say.saved)
      await expect(page.locator('bdi')).toHaveText(say.personalMessage)

      const order = await shop.order({ card: person.card, locale: language })
      await page.goto(order.checkoutURL)
      if (!javaScriptEnabled) await page.locator('button[data-again]').click()
      const window = new ChallengeWindow(page, other)
      await expect(window.heading).toHaveText(window.say.heading)
      await expect(page.getByText(say.personalMessage, { exact: true })).toBeVisible()
      const mail = async () => (await inbox.mails(person.email)).find(({ subject }) => subject.includes(say.subject))
      await poll(mail).toMatchObject({ text: expect.stringContaining(`: ${say.personalMessage}\n`) })
      expect((await inbox.texts(person.mobile)).map(({ text }) => text).join()).not.toContain('🐈')
      await window.otherLanguage.click()
      await expect(window.in(language).heading).toHaveText(window.in(language).say.heading)

      await account.open('/cards')
      await expect(page.getByRole('heading', { name: person.card.slice(-4) })).toBeVisible()
      expect(await page.content()).not.toContain(person.card)
      if (javaScriptEnabled) await isAccessible(page)
      await account.open('/settings')
      await page.getByRole('button', { name: say.remove }).click()
      await expect(page.getByRole('status')).toContainText(say.removed)
    })
  })
}
