import { Account, people } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { poll } from './poll.ts'
import { expect, test, withScripts } from './test.ts'

// The demo's mail server has no mailbox for `refused@…`.

const said = {
  ja: /には認証コードを届けられませんでした。/,
  en: /^We could not deliver the verification code to /,
} as const

for (const language of ['ja', 'en'] as const) {
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test(`the contact page reports an address that the mail server refuses, and it can be corrected (${language})`, async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      await account.enrol(await newCardholder(product, language))
      await account.open('/contact/email')
      await account.fill('email', 'refused@cardholder.example')
      const alert = page.locator('main').getByRole('alert')
      // Scripts check again by themselves.
      if (!javaScriptEnabled) {
        await account.field('code').or(alert).first().waitFor()
        const isTold = async () => {
          if (!(await alert.isVisible())) await page.reload()
          return alert.isVisible()
        }
        await poll(isTold).toBe(true)
      }
      await expect(alert).toHaveText(said[language])
      await expect(account.field('code')).toHaveCount(0)
      await expect(account.field('email')).toHaveValue('refused@cardholder.example')
      const right = `${crypto.randomUUID()}@mail.example`
      await account.fill('email', right)
      await account.field('code').waitFor()
      await account.fill('code', await inbox.freshCode('email', right))
      await expect(account.heading).toHaveText(language === 'ja' ? '連絡先' : 'Contact details')
    })
  })
}

test('enrolment reports an address that the mail server refuses, and another one can be entered', async ({
  page,
  product,
  inbox,
}) => {
  const account = new Account(page, product, inbox, 'en')
  const letter = JSON.parse(await product.cards('activation', people.ken.ref)).activationCode
  await account.open('/enrol')
  await account.fill('activationCode', letter)
  await page.locator('form:has(input[name=proof][value=email]) button').click()
  await account.field('code').waitFor()
  await account.fill('code', await inbox.freshCode('email', people.ken.email))
  await account.fill('email', 'refused@mail.example')
  await expect(page.locator('main').getByRole('alert')).toHaveText(said.en)
  await page.getByRole('button', { name: 'another' }).click()
  const right = `${crypto.randomUUID()}@mail.example`
  await account.fill('email', right)
  await account.field('code').waitFor()
  await account.fill('code', await inbox.freshCode('email', right))
  await expect(page.locator('form:has(input[name=accepted])')).toBeVisible()
})
