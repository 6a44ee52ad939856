import type { Page } from '@playwright/test'
import { Account, type Language } from './account.ts'
import { type Cardholder, fill, newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import type { Inbox } from './inbox.ts'
import { poll } from './poll.ts'
import type { Product } from './product.ts'
import { expect, test, withScripts } from './test.ts'

// What people do to forms: press twice, use two tabs, go back, take a long break, change the language halfway. Nothing
// breaks, nothing happens twice, and what was entered is kept.

const say = {
  ja: { changed: 'メールアドレスを変更しました。', malformed: 'メールアドレスの形式が正しくありません。' },
  en: {
    changed: 'Your e-mail address has been changed.',
    malformed: 'Enter an e-mail address like name@example.com.',
  },
} as const

const newAddress = () => `${crypto.randomUUID()}@mail.example`

/** A new cardholder, signed in. */
async function enrolled(page: Page, product: Product, inbox: Inbox, language: Language): Promise<Cardholder> {
  const person = await newCardholder(product, language)
  await enrol(page, product, inbox, person)
  return person
}

/** Collects failed responses among all requests of a page. */
function failuresOf(page: Page): string[] {
  const failures: string[] = []
  page.on('response', response => {
    if (response.status() >= 500) failures.push(`${response.status()} ${response.url()}`)
  })
  return failures
}

/** Presses the button of a field's form twice, as impatient people do. */
async function fillAndPressTwice(page: Page, id: string, value: string): Promise<void> {
  await page.locator(`#${id}`).fill(value)
  await page.locator(`form:has(#${id}) button[type=submit]`).dblclick()
}

for (const language of ['ja', 'en'] as readonly Language[]) {
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    test.use({ javaScriptEnabled })

    test('every form of sign-in and of a change does its work once when pressed twice', async ({
      page,
      product,
      inbox,
    }) => {
      const failures = failuresOf(page)
      // The newest code to an address, once no more arrive: the valid one.
      const newestCode = async (to: string) => {
        await inbox.freshCode('email', to)
        await product.hasSentAll()
        return inbox.newestCode(to)
      }
      const person = await enrolled(page, product, inbox, language)
      const account = new Account(page, product, inbox, language)
      await account.signOut()
      await fillAndPressTwice(page, 'sign-in-email', person.email)
      await page.locator('#sign-in-code-code').waitFor()
      await fillAndPressTwice(page, 'sign-in-code-code', await newestCode(person.email))
      await expect(account.heading).toHaveText(account.say.overview)
      await account.open('/contact/email')
      await account.confirmByText(person.mobile)
      const address = newAddress()
      await fillAndPressTwice(page, 'contact-email-email', address)
      await page.locator('#contact-email-code-code').waitFor()
      await fillAndPressTwice(page, 'contact-email-code-code', await newestCode(address))
      await expect(page).toHaveURL(/\/account\/contact$/)
      await expect(page.getByRole('status').first()).toContainText(say[language].changed)
      expect(failures).toEqual([])
    })

    test('of two tabs with two addresses the newer one is valid, and the older tab shows the current state', async ({
      page,
      context,
      product,
      inbox,
    }) => {
      const failures = failuresOf(page)
      await enrolled(page, product, inbox, language)
      const place = `${product.addresses.acs}/${language}/account/contact/email`
      const other = await context.newPage()
      failuresOf(other)
      await page.goto(place)
      await other.goto(place)
      const [older, newer] = [newAddress(), newAddress()]
      await fill(page, 'contact-email-email', older)
      await page.locator('#contact-email-code-code').waitFor()
      // Read before the newer one is requested: a code that is no longer valid is not sent.
      const spent = await inbox.codeFor(older)
      await fill(other, 'contact-email-email', newer)
      await other.locator('#contact-email-code-code').waitFor()
      // The code of the older address is no longer valid.
      await fill(page, 'contact-email-code-code', spent)
      await expect(page.getByRole('alert').filter({ has: page.getByRole('heading') })).toBeVisible()
      await fill(other, 'contact-email-code-code', await inbox.codeFor(newer))
      await expect(other.getByRole('status').first()).toContainText(say[language].changed)
      // The older tab is outdated now, and its form changes nothing back.
      await page.locator('#contact-email-code-code').fill('123456')
      const [answer] = await Promise.all([
        page.waitForResponse(response => response.request().method() === 'POST'),
        page.locator('form:has(#contact-email-code-code) button[type=submit]').click(),
      ])
      expect(answer.status()).toBeLessThan(400)
      await other.goto(`${product.addresses.acs}/${language}/account/contact`)
      await expect(other.getByRole('main')).toContainText(`${newer[0]}•••@${newer.split('@')[1]}`)
      expect(failures).toEqual([])
    })

    test('the back button leads to the current state, and nothing is done again', async ({ page, product, inbox }) => {
      const failures = failuresOf(page)
      const account = new Account(page, product, inbox, language)
      await account.enrolByHand(await newCardholder(product, language))
      // After enrolment: none of its steps returns.
      await page.goBack()
      await page.reload()
      await expect(page.locator('#enrol-activation-activationCode')).toHaveCount(0)
      const address = newAddress()
      await account.open('/contact/email')
      await fill(page, 'contact-email-email', address)
      await page.locator('#contact-email-code-code').waitFor()
      await fill(page, 'contact-email-code-code', await inbox.codeFor(address))
      await expect(page.getByRole('status').first()).toContainText(say[language].changed)
      await page.goBack()
      await page.reload()
      await expect(page.locator('#contact-email-email')).toBeVisible()
      expect(await inbox.codes(address)).toHaveLength(1)
      // After signing out the page is not shown from the browser's memory.
      await account.open('/contact')
      await account.signOut()
      await page.goBack()
      await page.reload()
      await expect(account.heading).toHaveText(account.say.signIn)
      expect(failures).toEqual([])
    })

    test('after a session ended while its owner was typing, the entered text returns on sign-in', async ({
      page,
      product,
      inbox,
    }) => {
      const failures = failuresOf(page)
      const person = await enrolled(page, product, inbox, language)
      const account = new Account(page, product, inbox, language)
      const address = newAddress()
      await account.open('/contact/email')
      await page.locator('#contact-email-email').fill(address)
      await inbox.advance(15 * 60 + 1)
      await page.locator('form:has(#contact-email-email) button[type=submit]').click()
      await expect(account.heading).toHaveText(account.say.signIn)
      await account.signInByCode(person.email)
      await account.confirmByText(person.mobile)
      await expect(page.locator('#contact-email-email')).toHaveValue(address)
      // The same after a session that has become too old for a change.
      await page.locator('#contact-email-email').fill(`x${address}`)
      await inbox.advance(301)
      await page.locator('form:has(#contact-email-email) button[type=submit]').click()
      await account.confirmByText(person.mobile)
      await expect(page.locator('#contact-email-email')).toHaveValue(`x${address}`)
      expect(failures).toEqual([])
    })

    test('a change of language halfway keeps the step and its error, in the other language', async ({
      page,
      product,
      inbox,
    }) => {
      const failures = failuresOf(page)
      const other = language === 'ja' ? 'en' : 'ja'
      await enrolled(page, product, inbox, language)
      const account = new Account(page, product, inbox, language)
      await account.open('/contact/email')
      await fill(page, 'contact-email-email', 'no address')
      await expect(page.locator('#contact-email-summary')).toContainText(say[language].malformed)
      await page.locator(`a[data-language=${other}]`).click()
      await expect(page).toHaveURL(new RegExp(`/${other}/account/contact/email$`))
      await expect(page.locator('#contact-email-email')).toHaveValue('no address')
      if (javaScriptEnabled) {
        // Unsent text is kept as well, once the page's scripts have started.
        const field = page.locator('#contact-email-email')
        const names = () => field.evaluate(element => Object.keys(element).join())
        await poll(names, 'the mark by which React knows the field').toContain('__react')
        await field.fill('half an addr')
        await page.locator(`a[data-language=${language}]`).click()
        await expect(page).toHaveURL(new RegExp(`/${language}/account/contact/email$`))
        await expect(page.locator('#contact-email-email')).toHaveValue('half an addr')
      }
      const address = newAddress()
      await fill(page, 'contact-email-email', address)
      await page.locator('#contact-email-code-code').waitFor()
      await page.locator('a[data-language]').click()
      await page.locator('#contact-email-code-code').waitFor()
      await fill(page, 'contact-email-code-code', await inbox.codeFor(address))
      await expect(page).toHaveURL(/\/account\/contact$/)
      await expect(page.getByRole('main')).toContainText(`${address[0]}•••@${address.split('@')[1]}`)
      expect(failures).toEqual([])
    })
  })
}

test.describe('on a computer that others use', () => {
  test.use({ javaScriptEnabled: false })

  test('entered text returns to its owner only', async ({ page, product, inbox }) => {
    const [other, person] = [await newCardholder(product, 'en'), await newCardholder(product, 'en')]
    const account = new Account(page, product, inbox, 'en')
    await enrol(page, product, inbox, other)
    await account.signOut()
    await enrol(page, product, inbox, person)
    const field = page.locator('#contact-mobile-mobile')
    await account.open('/contact/mobile')
    await field.fill('090 1111 2222')
    await inbox.advance(301)
    await page.locator('form:has(#contact-mobile-mobile) button[type=submit]').click()
    await account.confirmByText(person.mobile)
    await expect(field).toHaveValue('090 1111 2222')
    // Another cardholder signs in on the same computer: after sign-out, or because the session has ended.
    await account.signOut()
    await account.signInByCode(other.email)
    await expect(account.heading).toHaveText(account.say.overview)
    await account.open('/contact/mobile')
    await account.confirmByText(other.mobile)
    await expect(field).toHaveValue('')
    await field.fill('090 3333 4444')
    await inbox.advance(15 * 60 + 1)
    await page.locator('form:has(#contact-mobile-mobile) button[type=submit]').click()
    await account.signInByCode(person.email)
    await account.confirmByText(person.mobile)
    await expect(field).toHaveValue('')
  })
})
