import { Account, people, words } from './account.ts'
import { withoutStorage } from './chromium.ts'
import { test as base, expect, withScripts } from './test.ts'

const needed = { ja: 'クッキーが必要です', en: 'Cookies are needed' } as const

const test = base.extend({
  page: async ({ javaScriptEnabled }, use) =>
    withoutStorage(javaScriptEnabled, async context => use(await context.newPage())),
})

for (const language of ['ja', 'en'] as const) {
  const javaScriptEnabled = withScripts[language]
  test.describe(`a browser without cookies, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test(`sees that cookies are needed at sign-in, and no code is sent (${language})`, async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      await account.open('/sign-in/contact')
      await account.fill('email', people.hanako.email)
      await expect(account.heading).toHaveText(needed[language])
      await expect(page).toHaveTitle(new RegExp(`^${needed[language]}`))
      await page.locator('main a.button').click()
      await expect(account.heading).toHaveText(words[language].signIn)
      await expect(page).toHaveURL(/\/sign-in\/contact$/)
      expect(await inbox.mails(people.hanako.email)).toEqual([])
    })

    test(`sees the same at enrolment, and the letter is not used up (${language})`, async ({
      page,
      product,
      inbox,
    }) => {
      const letter = JSON.parse(await product.cards('activation', people.ken.ref)).activationCode
      const account = new Account(page, product, inbox, language)
      await account.open('/enrol')
      await account.fill('activationCode', letter)
      await expect(account.heading).toHaveText(needed[language])
      await page.locator('main a.button').click()
      await expect(account.heading).toHaveText(words[language].enrol)
    })
  })
}
