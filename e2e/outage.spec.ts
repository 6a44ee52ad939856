import { Account } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import { actionsOfAccount, call, postAction } from './routes.ts'
import { expect, test } from './test.ts'

// The account while the database is down: the answer to every form says so in both languages, and what was entered is
// kept.

const both = ['ただいま表示できません', 'This page cannot be shown at the moment']
/** A few actions are enough: the HTTP front answers all alike, and the driver waits longer before each attempt. */
const tried = ['sign-in/actions.ts submitAddress', 'settings/actions.ts saveLanguage', 'actions.ts signOut']
const typed = { email: 'a@mail.example', code: '123456', locale: 'en' }

test.describe('while the database is down', () => {
  test.use({ tolerated: /"msg":"(?:web|worker)\.|DATABASE|ECONN|CONNECTION/ })

  test('posts and pages of the account say so in both languages with 503', async ({
    page,
    context,
    product,
    inbox,
  }) => {
    const person = await newCardholder(product, 'en')
    await enrol(page, product, inbox, person)
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    product.killDatabase()
    const answers = await Promise.all([
      ...actionsOfAccount()
        .filter(({ name }) => tried.includes(name))
        .map(async action => ({ what: action.name, ...(await postAction(product, action, cookie, typed)) })),
      ...['/en/account', '/api/auth/session'].map(async path => ({
        what: path,
        ...(await call(product, path, cookie)),
      })),
    ])
    expect(answers).toHaveLength(tried.length + 2)
    for (const { what, status, headers, body } of answers) {
      expect(status, what).toBe(503)
      expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      for (const said of both) expect(body, what).toContain(said)
      expect(body).not.toMatch(/node_modules|\n\s+at |Error:/)
    }
    await product.stop()
    await product.start()
  })

  for (const [language, heading] of [
    ['ja', 'ただいま受け付けられません'],
    ['en', 'We cannot do this at the moment'],
  ] as const) {
    test(`a form sent by a script keeps what was typed, and can be sent again (${language})`, async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      const person = await newCardholder(product, language)
      await enrol(page, product, inbox, person)
      await account.signOut()
      const address = page.locator('#sign-in-email')
      await address.fill(person.email)
      product.killDatabase()
      await account.submit.click()
      await expect(account.summary).toContainText(heading)
      await expect(address).toHaveValue(person.email)
      await product.stop()
      await product.start()
      await account.submit.click()
      await page.locator('#sign-in-code-code').waitFor()
    })
  }

  test('a button sent by scripts leads to a page that says so, and back', async ({ page, product, inbox }) => {
    const person = await newCardholder(product, 'en')
    await enrol(page, product, inbox, person)
    const account = new Account(page, product, inbox, 'en')
    await account.open('/settings')
    product.killDatabase()
    await page.locator('form:has(input[name=language]) button').click()
    await expect(account.heading).toHaveText('We cannot do this at the moment')
    await expect(account.heading).toBeFocused()
    await product.stop()
    await product.start()
    await page.getByRole('button', { name: 'Back to the page' }).click()
    await page.locator('form:has(input[name=language]) button').click()
    await expect(page.getByRole('status').first()).toBeVisible()
  })
})
