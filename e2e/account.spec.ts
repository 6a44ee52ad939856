import type { Locator, Page } from '@playwright/test'
import { isAccessibleAs } from './accessible.ts'
import { Account, addAuthenticator, type Language, people } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { otherThan } from './inbox.ts'
import { poll } from './poll.ts'
import { expect, test, withScripts } from './test.ts'

// Enrolment, sign-in, sessions and passkeys, as cardholders use them.

const languages: readonly Language[] = ['ja', 'en']

for (const language of languages) {
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('a letter and a second proof lead into the account, and a code leads back in', async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      const address = await account.enrolByHand(people.hanako)
      await poll(async () => (await inbox.mails(people.hanako.email)).length).toBeGreaterThan(0)
      await account.signOut()
      // The requested page is shown after sign-in.
      await account.open('/sessions')
      await expect(account.heading).toHaveText(account.say.signIn)
      await account.signInByCode(` ${address.toUpperCase()} `)
      await expect(account.heading).toHaveText(account.say.sessions)
    })

    test('an error is shown above the form and at the field, and what was entered is kept', async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      await account.open('/sign-in')
      await account.fill('email', 'nobody at example')
      await expect(account.summary).toBeVisible()
      await expect(page).toHaveTitle(new RegExp(`^${account.say.error}`))
      await expect(account.field('email')).toHaveValue('nobody at example')
      await expect(account.field('email')).toHaveAttribute('aria-invalid', 'true')
      await account.fill('email', 'nobody@mail.example')
      await expect(account.field('code')).toBeVisible()
      await account.fill('code', '１２')
      await expect(account.summary).toBeVisible()
      await expect(page).toHaveTitle(new RegExp(`^${account.say.error}`))
    })

    test('a session by e-mail code can read but not change until a text message confirms', async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      const address = await account.enrol(people.alex)
      await account.signOut()
      await account.open('/passkeys')
      await account.signInByCode(address)
      await expect(account.heading).toHaveText(account.say.passkeys)
      await page.locator('section[aria-labelledby=add] a').click()
      await account.confirmByText(people.alex.mobile)
      await expect(account.heading).toHaveText(account.say.passkeys)
      await expect(page.locator('section[aria-labelledby=add] a')).toHaveCount(0)
    })

    test('sessions are listed and can be ended, and an ended one has no access', async ({
      page,
      browser,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      // A separate cardholder, because a report restricts payments until it is resolved.
      const person = await newCardholder(product, language)
      const address = await account.enrol(person)
      const context = await browser.newContext({ javaScriptEnabled })
      const elsewhere = new Account(await context.newPage(), product, inbox, language)
      await elsewhere.open('')
      await elsewhere.signInByCode(address)
      await expect(elsewhere.heading).toHaveText(elsewhere.say.overview)
      // A new device: every contact on file is notified.
      await poll(async () =>
        (await inbox.mails(person.email)).some(({ text }) => /初めての端末|a new device/.test(text)),
      ).toBe(true)
      // Opening the notice's page changes nothing; it names the event.
      const link = (await inbox.linkTo(person.email)) ?? ''
      await elsewhere.page.goto(link)
      await expect(elsewhere.page.locator('main form input[name=token]')).toHaveCount(1)
      await account.open('/sessions')
      await expect(page.locator('main li.card')).toHaveCount(2)
      await page.getByRole('button', { name: account.say.endOthers, exact: true }).click()
      await expect(page.locator('main li.card')).toHaveCount(1)
      await elsewhere.open('/sessions')
      await expect(elsewhere.heading).toHaveText(elsewhere.say.signIn)
      // Its button ends everything, once.
      await elsewhere.page.goto(link)
      await elsewhere.page.locator('main form:has(input[name=token]) button').click()
      await expect(elsewhere.page.getByRole('status')).toBeVisible()
      await expect(elsewhere.page.locator('main form')).toHaveCount(0)
      await account.open('/sessions')
      await expect(account.heading).toHaveText(account.say.signIn)
      await context.close()
    })
  })

  test(`the pages of the account have no barriers (${language})`, async ({ page, product, inbox }) => {
    // Ten states, each narrow and wide, light and dark.
    test.slow()
    const account = new Account(page, product, inbox, language)
    for (const path of ['/sign-in', '/enrol']) {
      await account.open(path)
      await isAccessibleAs(page, language)
      await account.submit.click()
      await expect(account.summary).toBeVisible()
      await isAccessibleAs(page, language)
    }
    const address = await account.enrol(people.hanako)
    for (const path of ['', '/passkeys', '/sessions']) {
      await account.open(path)
      await isAccessibleAs(page, language)
    }
    await account.signOut()
    await account.fill('email', address)
    await account.field('code').waitFor()
    await isAccessibleAs(page, language)
    await account.fill('code', otherThan(await inbox.freshCode('email', address)))
    await expect(account.summary).toBeVisible()
    await isAccessibleAs(page, language)
  })
}

// The same in both languages.

test('a passkey is added, signs in, confirms and is removed', async ({ page, browser, product, inbox }) => {
  const account = new Account(page, product, inbox, 'ja')
  const { session, id } = await addAuthenticator(page)
  const { say } = account
  const address = await account.enrol(people.hanako)
  await page.getByRole('button', { name: say.addPasskey, exact: true }).click()
  await expect(page.locator('main li.card')).toHaveCount(1)
  await page.getByRole('button', { name: say.signOut, exact: true }).click()
  // Autofill may be quicker than the button, or in its way: this device consents to both at once.
  const button = page.getByRole('button', { name: say.signInWithPasskey, exact: true })
  await expect(async () => {
    await button.click({ timeout: 3000 }).catch(() => undefined)
    await expect(account.heading).toHaveText(say.overview, { timeout: 3000 })
  }).toPass()
  await inbox.advance(301)
  const context = await browser.newContext()
  const elsewhere = new Account(await context.newPage(), product, inbox, 'ja')
  await elsewhere.open('')
  await elsewhere.signInByCode(address)
  await expect(elsewhere.heading).toHaveText(say.overview)
  await account.open('/passkeys')
  await page.getByText(say.changePasskey, { exact: true }).click()
  await page.getByRole('button', { name: say.removePasskey, exact: true }).click()
  await expect(account.heading).toHaveText(say.confirm)
  await page.getByRole('button', { name: say.confirmWithPasskey, exact: true }).click()
  await expect(account.heading).toHaveText(say.passkeys)
  await page.getByText(say.changePasskey, { exact: true }).click()
  await page.getByRole('button', { name: say.removePasskey, exact: true }).click()
  await expect(page.locator('main li.card')).toHaveCount(0)
  // A person who found a lost one may have used the account: other browsers are signed out from here.
  await page.getByRole('button', { name: say.endOthers, exact: true }).click()
  await expect(account.heading).toHaveText(say.sessions)
  await expect(page.locator('main li.card')).toHaveCount(1)
  await elsewhere.open('/sessions')
  await expect(elsewhere.heading).toHaveText(say.signIn)
  await context.close()
  await page.context().clearCookies()
  // It would otherwise go on offering the removed passkey.
  await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: id })
  await account.open('/passkeys')
  await account.signInByCode(address)
  await expect(account.heading).toHaveText(say.passkeys)
})

test('a session warns before it ends, and can be extended', async ({ page, product, inbox }) => {
  const account = new Account(page, product, inbox, 'en')
  await account.enrol(people.alex)
  await account.open('/sessions')
  const token = async () =>
    (await page.context().cookies()).find(({ name }) => name === '__Host-safekey-session')?.value
  const before = await token()
  await inbox.advance(13 * 60 + 5)
  await wakesUp(page, page.getByRole('button', { name: account.say.stay, exact: true }))
  await page.getByRole('button', { name: account.say.stay, exact: true }).click()
  await expect(page.getByRole('button', { name: account.say.stay, exact: true })).toHaveCount(0)
  // An answer that set the cookie again could bring back a secret that a step-up in another tab has replaced.
  expect([before, await token()]).toEqual([expect.any(String), before])
  await inbox.advance(10 * 60)
  await account.open('/sessions')
  await expect(account.heading).toHaveText(account.say.sessions)
  await inbox.advance(15 * 60 + 1)
  await wakesUp(page, page.getByText(account.say.ended))
  await account.open('/sessions')
  await expect(account.heading).toHaveText(account.say.signIn)
})

/** Looks at the page again after the clock was moved, until it shows this. Before its scripts have started it does not notice. */
async function wakesUp(page: Page, shown: Locator): Promise<void> {
  await expect(async () => {
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await expect(shown).toBeVisible({ timeout: 500 })
  }).toPass()
}

test('answers an unknown address with the same words, and sends nothing', async ({ page, product, inbox }) => {
  const account = new Account(page, product, inbox, 'ja')
  const address = await account.enrol(people.hanako)
  await account.signOut()
  const texts: string[] = []
  for (const typed of [address, 'nobody@mail.example']) {
    await page.context().clearCookies()
    await account.open('/sign-in')
    await account.fill('email', typed)
    await account.field('code').waitFor()
    texts.push(((await page.locator('main').textContent()) ?? '').replaceAll(typed, '…'))
  }
  expect(texts[1]).toBe(texts[0])
  await inbox.freshCode('email', address)
  expect(await inbox.mails('nobody@mail.example')).toEqual([])
})

test('scripts cannot read cookies of the account, and other sites are not sent them', async ({
  page,
  product,
  inbox,
}) => {
  await new Account(page, product, inbox, 'ja').enrol(people.ken)
  const cookies = (await page.context().cookies()).filter(({ name }) => name.includes('safekey'))
  expect(cookies.map(({ name }) => name).sort()).toEqual([
    '__Host-safekey-device',
    '__Host-safekey-session',
    '__Host-safekey-visit',
  ])
  for (const cookie of cookies)
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
})
