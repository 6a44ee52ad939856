import { Account } from './account.ts'
import { newCardholder } from './cardholder.ts'
import { expect, test } from './test.ts'

// A form of the account can always be sent again, whatever the answer was, and what it did is said once.

test('a form that returns to its own page can be sent again after success, an error and a failure', async ({
  page,
  product,
  inbox,
}) => {
  const account = new Account(page, product, inbox, 'en')
  await account.enrol(await newCardholder(product, 'en'))
  await expect(page.getByRole('status')).toContainText('You are enrolled')
  await inbox.advance(6)
  await page.reload()
  await expect(page.getByRole('status')).toHaveCount(0)
  await account.open('/settings')
  const field = page.locator('#settings-personal-message-personalMessage')
  const form = page.locator('form:has(#settings-personal-message-personalMessage)')
  const save = form.getByRole('button')
  const send = async (typed: string) => {
    await field.fill(typed)
    await save.click()
  }
  const canBeSent = async () => {
    await expect(save).toHaveText('Save the message')
    await expect(save).not.toHaveAttribute('aria-disabled')
  }
  for (const typed of ['Cats on the hill', 'Dogs on the hill', 'Dogs on the hill']) {
    await send(typed)
    await expect(page.getByRole('status')).toContainText('Your personal message is saved.')
    await expect(page.locator('bdi')).toHaveText(typed)
    await canBeSent()
  }
  await send('evil.example')
  await expect(account.summary).toBeVisible()
  await expect(page.getByRole('status')).toHaveCount(0)
  await canBeSent()
  // The answer does not come while the form is busy; a second press sends nothing.
  let posts = 0
  await page.route('**/settings', async route => {
    posts += 1
    await expect(save).toHaveAttribute('aria-disabled', 'true')
    await save.click({ force: true })
    await route.abort()
  })
  await send('Hares on the hill')
  await expect(account.summary).toBeVisible()
  await canBeSent()
  expect(posts).toBe(1)
  await page.unroute('**/settings')
  // A form without a text field, and one that is only a button.
  await page.getByRole('radio', { name: 'Japanese' }).check()
  await page.getByRole('button', { name: 'Save the language' }).click()
  await expect(page.getByRole('status')).toContainText('Your choice of language is saved.')
  for (const name of ['Save the language', 'Remove the message']) {
    const button = page.getByRole('button', { name })
    await expect(button).not.toHaveAttribute('aria-disabled')
    await button.click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  await inbox.advance(6)
  await page.reload()
  await expect(page.getByRole('status')).toHaveCount(0)
})

test('an expired session is explained, and what was typed is there again; a sign-out elsewhere is explained too', async ({
  page,
  product,
  inbox,
}) => {
  const person = await newCardholder(product, 'en')
  const account = new Account(page, product, inbox, 'en')
  const address = await account.enrol(person)
  await account.open('/contact/email')
  await page.locator('#contact-email-email').fill('half an address')
  await inbox.advance(15 * 60 + 1)
  await page.locator('#contact-email-email').fill('new@mail.example')
  await account.submit.click()
  await expect(account.heading).toHaveText(account.say.signIn)
  await expect(page.getByRole('status')).toContainText('What you typed is kept')
  await expect(page.getByRole('main')).toContainText('after 15 minutes without activity')
  expect(page.url()).not.toContain('mail.example')
  await account.signInByCode(address)
  await account.confirmByText(person.mobile)
  await expect(page.locator('#contact-email-email')).toHaveValue('new@mail.example')

  const elsewhere = await page.context().newPage()
  const other = new Account(elsewhere, product, inbox, 'en')
  await other.open('')
  await other.signOut()
  await elsewhere.close()
  await account.submit.click()
  await expect(account.heading).toHaveText(account.say.signIn)
  await expect(page.getByRole('status')).toContainText('You were signed out')
  await account.signInByCode(address)
  await account.confirmByText(person.mobile)
  // After a sign-out the next person at this browser may be another one.
  await expect(page.locator('#contact-email-email')).toHaveValue('')
})
