import { readFileSync } from 'node:fs'
import { isAccessible } from './accessible.ts'
import { newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import { expect, test } from './test.ts'

// A cardholder downloads their data, and closes the account.

const words = {
  ja: {
    data: 'データのダウンロードと退会へ',
    download: 'ファイルをダウンロードする',
    see: '退会するとどうなるかを確認する',
    close: 'オンライン・サービスを退会する',
    closed: 'オンライン・サービスの退会手続きが完了しました。',
    told: 'オンライン・サービスの退会手続きが完了しました',
    signIn: 'サインイン',
  },
  en: {
    data: 'See your data',
    download: 'Download the file',
    see: 'See what happens when you close your account',
    close: 'Close your online account',
    closed: 'Your online account has been closed.',
    told: 'your online account was closed',
    signIn: 'Sign in',
  },
} as const

for (const [language, javaScriptEnabled] of [
  ['ja', true],
  ['en', false],
] as const) {
  const say = words[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('all data is one file; a cardholder who closes the account is signed out, notified, and needs a new letter', async ({
      page,
      product,
      inbox,
    }) => {
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      await page.goto(`${product.addresses.acs}/${language}/account/settings`)
      await page.getByRole('link', { name: say.data }).click()
      if (javaScriptEnabled) await isAccessible(page)
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: say.download }).click(),
      ])
      const data = JSON.parse(readFileSync(await file.path(), 'utf8'))
      expect(data.contacts.map(({ value }: { value: string }) => value).sort()).toEqual(
        [person.email, person.mobile].sort(),
      )
      expect(data.cards).toMatchObject([{ lastFour: person.card.slice(-4) }])
      expect(JSON.stringify(data)).not.toContain(person.card)
      await page.getByRole('link', { name: say.see }).click()
      if (javaScriptEnabled) await isAccessible(page)
      await page.getByRole('button', { name: say.close }).click()
      await expect(page.getByRole('status')).toContainText(say.closed)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(say.signIn)
      await inbox.mailFrom(say.told, person.email)
      await page.goto(`${product.addresses.acs}/${language}/account/data/close`)
      await expect(page).toHaveURL(/sign-in/)
    })
  })
}
