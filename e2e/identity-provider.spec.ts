import type { Page } from '@playwright/test'
import { type IdentityProvider, startIdentityProvider } from '../demo/identity-provider.ts'
import { isAccessibleAs } from './accessible.ts'
import { Account, type Language } from './account.ts'
import { Product } from './product.ts'
import { ask } from './site.ts'
import { siteFacts } from './site-facts.ts'
import { expect, test as ordinary, withScripts } from './test.ts'

// An issuer with its own identity provider: cardholders sign in there, at a real OpenID provider.

const people = { hanako: 'demo-hanako', alex: 'demo-alex', impostor: 'demo-alex', stranger: undefined }

const test = ordinary.extend<
  { readonly anew: undefined },
  { readonly product: Product; readonly provider: IdentityProvider }
>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures used from this pattern.
    async ({}, use, { parallelIndex }) => {
      const { addresses } = new Product(parallelIndex + 4)
      const port = Number(new URL(addresses.web).port) + 10
      const provider = await startIdentityProvider({ port, client: addresses.acs, people })
      await use(provider)
      await provider.pause()
    },
    { scope: 'worker' },
  ],
  product: [
    async ({ provider }, use, { parallelIndex }) => {
      const product = new Product(parallelIndex + 4, {
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_CARDHOLDER_CLAIM: 'cardholder_id',
      })
      await product.start()
      await use(product)
      await product.remove()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  anew: [
    async ({ provider }, use) => {
      provider.tamper(claims => claims)
      provider.garble(false)
      await use(undefined)
    },
    { auto: true },
  ],
})

// All in one worker, because each worker starts a product and a provider for this file.
test.describe.configure({ mode: 'default' })

const said = {
  ja: {
    signIn: 'サインイン',
    confirm: 'ご本人の確認',
    cancelled: 'サインインを取りやめました',
    failed: 'サインインを確認できませんでした',
    unknown: 'ご利用になれるカードが見つかりません',
    other: '別の会員としてサインインしています',
    stale: 'もう一度サインインしてください',
    away: 'いまはサインインできません',
    method: 'みなと町カード（デモ）の画面',
  },
  en: {
    signIn: 'Sign in',
    confirm: 'Confirm that it is you',
    cancelled: 'You did not sign in',
    failed: 'We could not check your sign-in',
    unknown: 'We could not find your card',
    other: 'You are signed in as another person',
    stale: 'Please sign in again',
    away: 'You cannot sign in at the moment',
    method: 'Minatomachi Card (demo)’s page',
  },
} as const

/** Goes from our page to the provider's, and signs in there. */
async function goAs(page: Page, who: keyof typeof people | 'cancel'): Promise<void> {
  await page.locator('main a.button').click()
  await page.getByRole('button', { name: who, exact: true }).click()
}

for (const language of ['ja', 'en'] as readonly Language[]) {
  const words = said[language]
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, () => {
    test.use({ javaScriptEnabled })

    test('signs in at the issuer, confirms there before a change, and signs out in both places', async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      await account.open('/sessions')
      await expect(account.heading).toHaveText(words.signIn)
      await goAs(page, 'hanako')
      await expect(account.heading).toHaveText(account.say.sessions)
      await expect(page.locator('main li.card').first()).toContainText(words.method)
      const address = `${crypto.randomUUID()}@mail.example`
      await account.open('/contact/email')
      await inbox.advance(301)
      await account.fill('email', address)
      await expect(account.heading).toHaveText(words.confirm)
      await goAs(page, 'hanako')
      await expect(account.field('email')).toHaveValue(address)
      await account.submit.click()
      await expect(account.field('code')).toBeVisible()
      await page.getByRole('button', { name: account.say.signOut, exact: true }).click()
      await expect(page).toHaveURL(/\/session\/end/)
      await account.open('')
      await expect(account.heading).toHaveText(words.signIn)
    })

    test('a person who cancels, is not on the list, or is another cardholder does not get in', async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      await account.open('')
      await goAs(page, 'alex')
      await expect(account.heading).toHaveText(account.say.overview)
      for (const [who, heading] of [
        ['cancel', words.cancelled],
        ['stranger', words.unknown],
        ['impostor', words.other],
      ] as const) {
        await page.context().clearCookies()
        await account.open('')
        await goAs(page, who)
        await expect(account.heading).toHaveText(heading)
        await account.open('')
        await expect(account.heading).toHaveText(words.signIn)
      }
    })

    test('a token that is not for us, or a redirect that was used before, opens nothing', async ({
      page,
      product,
      inbox,
      provider,
    }) => {
      const account = new Account(page, product, inbox, language)
      for (const wrong of [{ nonce: 'another' }, { aud: 'somebody-else' }]) {
        provider.tamper(claims => ({ ...claims, ...wrong }))
        await page.context().clearCookies()
        await account.open('')
        await goAs(page, 'hanako')
        await expect(account.heading).toHaveText(words.failed)
      }
      provider.tamper(claims => claims)
      provider.garble(true)
      await page.context().clearCookies()
      await account.open('')
      await goAs(page, 'hanako')
      await expect(account.heading).toHaveText(words.failed)
      provider.garble(false)
      let back = ''
      page.on('request', request => {
        if (request.url().includes('/callback/')) back = request.url()
      })
      await page.context().clearCookies()
      await account.open('')
      await goAs(page, 'hanako')
      await expect(account.heading).toHaveText(account.say.overview)
      await page.context().clearCookies()
      await page.goto(back)
      // Its language is no longer known.
      await expect(account.heading).toHaveText(said.ja.failed)
    })

    test('an old sign-in at the issuer, or another person’s, does not confirm a change', async ({
      page,
      product,
      inbox,
      provider,
    }) => {
      const account = new Account(page, product, inbox, language)
      await account.open('')
      await goAs(page, 'hanako')
      await expect(account.heading).toHaveText(account.say.overview)
      await inbox.advance(301)
      provider.tamper(claims => ({ ...claims, auth_time: Number(claims.iat) - 301 }))
      await account.open('/confirm/contact/email')
      await goAs(page, 'hanako')
      await expect(account.heading).toHaveText(words.stale)
      provider.tamper(claims => ({ ...claims, sub: 'alex', cardholder_id: 'demo-alex' }))
      await account.open('/confirm/contact/email')
      await goAs(page, 'hanako')
      await expect(account.heading).toHaveText(words.other)
      await account.open('/confirm')
      await expect(account.heading).toHaveText(words.confirm)
    })
  })

  test(`the pages around it have no barriers and send no requests to other hosts (${language})`, async ({
    page,
    product,
    inbox,
    provider,
  }) => {
    const account = new Account(page, product, inbox, language)
    const asked = new Set<string>()
    page.on('request', request => asked.add(new URL(request.url()).origin))
    await account.open('/enrol')
    await expect(account.heading).toHaveText(words.signIn)
    await isAccessibleAs(page, language)
    for (const outcome of ['unavailable', 'unknown-cardholder', 'not-fresh']) {
      await account.open(`/identity-provider/${outcome}`)
      await isAccessibleAs(page, language)
    }
    await account.open('')
    await goAs(page, 'hanako')
    await expect(account.heading).toHaveText(account.say.overview)
    await expect(page.locator('nav a[href$=passkeys]')).toHaveCount(0)
    await account.open('/passkeys')
    await expect(account.heading).toHaveText(account.say.overview)
    await inbox.advance(301)
    await account.open('/confirm/contact')
    await isAccessibleAs(page, language)
    expect([...asked].sort()).toEqual([product.addresses.acs, provider.issuer].sort())
  })
}

test('where passkeys are not SafeKey’s, the site mentions neither them nor push notifications', async ({ product }) => {
  for (const path of [
    '/ja',
    '/en',
    '/ja/prepare',
    '/en/prepare',
    '/ja/help',
    '/en/help',
    '/ja/security',
    '/en/security',
    '/ja/merchants',
    '/en/merchants',
  ]) {
    const { status, body } = await ask(product.addresses.web, path)
    expect(status, path).toBe(200)
    expect(body, path).not.toMatch(/プッシュ|push notification|パスキー|passkey/i)
    for (const [fact, { onlyWith }] of Object.entries(siteFacts))
      if (onlyWith === 'push') expect(body, path).not.toContain(`data-fact="${fact}"`)
  }
})

test('while the issuer’s provider is down, a page says so', async ({ page, product, inbox, provider }) => {
  await provider.pause()
  for (const language of ['ja', 'en'] as const) {
    const account = new Account(page, product, inbox, language)
    await account.open('')
    await page.locator('main a.button').click()
    await expect(account.heading).toHaveText(said[language].away)
  }
  await provider.resume()
})
