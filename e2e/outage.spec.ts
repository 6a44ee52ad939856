import { Account } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import { actionsOfAccount, call, postAction } from './routes.ts'
import { expect, test } from './test.ts'

// The account while the database is down: the answer to every form says so in both languages, and what was entered is
// kept.

const both = ['ただいま表示できません', 'Sorry, we cannot show this page at the moment']
const heading = { ja: 'ただいま受け付けられません', en: 'We cannot do this at the moment' } as const
/** A few actions are enough: the HTTP front answers all alike, and the driver waits longer before each attempt. */
const tried = ['sign-in/actions.ts submitAddress', 'settings/actions.ts saveLanguage', 'actions.ts signOut']
const typed = { email: 'a@mail.example', code: '123456', locale: 'en' }

test.describe('while the database is down', () => {
  test.use({ tolerated: /"msg":"(?:web|worker)\.|"msg":"risk\.policies-not-read"|DATABASE|ECONN|CONNECTION/ })

  test('every answer of the account says so in its language, nothing typed is lost, and all goes on afterwards', async ({
    page,
    context,
    browser,
    product,
    inbox,
  }) => {
    const person = await newCardholder(product, 'en')
    await enrol(page, product, inbox, person)
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const account = new Account(page, product, inbox, 'en')
    await account.open('/settings')
    const visits = await Promise.all(
      (['ja', 'en'] as const).map(async language => {
        const visit = new Account(await (await browser.newContext()).newPage(), product, inbox, language)
        await visit.open('/sign-in')
        await visit.field('email').fill(person.email)
        return visit
      }),
    )
    await product.withoutDatabase(async () => {
      await test.step('posts and pages', async () => {
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
          for (const said of what === '/api/auth/session' ? both : both.slice(1)) expect(body, what).toContain(said)
          expect(body).not.toMatch(/node_modules|\n\s+at |Error:/)
        }
      })

      await test.step('a form sent by a script keeps what was typed', async () => {
        for (const visit of visits) {
          await visit.submit.click()
          await expect(visit.summary).toContainText(heading[visit.language])
          await expect(visit.field('email')).toHaveValue(person.email)
        }
      })

      await test.step('a button sent by a script leads to a page that says so', async () => {
        await page.locator('form:has(input[name=language]) button').click()
        await expect(account.heading).toHaveText(heading.en)
        await expect(account.heading).toBeFocused()
      })
    })

    for (const visit of visits) {
      await visit.submit.click()
      await visit.field('code').waitFor()
      await visit.page.context().close()
    }
    await page.getByRole('button', { name: 'Go back and try again' }).click()
    await page.locator('form:has(input[name=language]) button').click()
    await expect(page.getByRole('status').first()).toBeVisible()
  })
})
