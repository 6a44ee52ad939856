import { Account, people, words } from './account.ts'
import { withoutStorage } from './chromium.ts'
import { test as base, expect } from './test.ts'

const needed = { ja: 'クッキーが必要です', en: 'Cookies are needed' } as const

const test = base.extend({
  page: async ({ javaScriptEnabled }, use) =>
    withoutStorage(javaScriptEnabled, async context => use(await context.newPage())),
})

test.describe('a browser without cookies, with scripts', () => {
  test('sees that cookies are needed at sign-in, and no code is sent', async ({ page, product, inbox }) => {
    const account = new Account(page, product, inbox, 'ja')
    await account.open('/sign-in/contact')
    await account.fill('email', people.hanako.email)
    await expect(account.heading).toHaveText(needed.ja)
    await expect(page).toHaveTitle(new RegExp(`^${needed.ja}`))
    await page.locator('main a.button').click()
    await expect(account.heading).toHaveText(words.ja.signIn)
    await expect(page).toHaveURL(/\/sign-in\/contact$/)
    expect(await inbox.codes(people.hanako.email)).toEqual([])
  })
})

test.describe('a browser without cookies, without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('sees the same at enrolment, and the letter is not used up', async ({ page, product, inbox }) => {
    const letter = JSON.parse(await product.cards('activation', people.ken.ref)).activationCode
    const account = new Account(page, product, inbox, 'en')
    await account.open('/enrol')
    await account.fill('activationCode', letter)
    await expect(account.heading).toHaveText(needed.en)
    await page.locator('main a.button').click()
    await expect(account.heading).toHaveText(words.en.enrol)
  })
})
