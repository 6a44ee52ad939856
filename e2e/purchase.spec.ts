import { addresses, cards } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow, type Language } from './window.ts'

const people: Record<Language, { card: string; address: string; paid: string }> = {
  ja: { card: cards.hanako, address: addresses.hanako, paid: 'お支払いが完了しました' },
  en: { card: cards.alex, address: addresses.alex, paid: 'Paid' },
}

// Each pair of presentation, language, and scripts on or off occurs once.
for (const [presentation, scriptsIn] of [
  ['page', 'ja'],
  ['iframe', 'en'],
  ['sandbox', 'ja'],
  ['strict', 'en'],
] as const) {
  for (const language of ['ja', 'en'] as const) {
    const javaScriptEnabled = language === scriptsIn
    const how = `${language}, ${presentation}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`
    test.describe(how, () => {
      test.use({ javaScriptEnabled })

      test(`a customer pays in the shop, with a code from an e-mail (${how})`, async ({
        page,
        product,
        shop,
        inbox,
      }) => {
        const { card, address, paid } = people[language]
        await page.goto(`${product.addresses.merchant}/?lang=${language}`)
        await page.locator('label', { has: page.locator('[value="teapot"]') }).click()
        await page.locator('label', { has: page.locator(`[value="${card}"]`) }).click()
        await page.selectOption('[name="presentation"]', presentation)
        await page.locator('button.pay').click()
        await page.waitForURL(/\/orders\/[^/]+\/checkout|\/acs\/challenge\//)
        if (!javaScriptEnabled) await page.locator('#creq button').click()

        const inFrame = presentation !== 'page'
        const window = new ChallengeWindow(inFrame ? page.frameLocator('iframe[name=challenge]') : page, language)
        await expect(window.heading).toHaveText(window.say.heading)
        const code = await inbox.codeFor(address)
        // The phone beside the frame shows it.
        if (inFrame) await expect(page.frameLocator('.arrivals iframe').getByText(code, { exact: true })).toBeVisible()
        await window.enter(code)

        if (!javaScriptEnabled) {
          await expect(window.heading).toHaveText(window.say.authenticated)
          await window.back.click()
        }
        if (!javaScriptEnabled && inFrame) {
          await expect(window.root.locator('[data-status]')).toHaveAttribute('data-status', 'authenticated')
          await page.locator('main > div > p > a').click()
        }
        await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(paid)

        const order = await shop.see({ orderId: new URL(page.url()).pathname.split('/')[2] ?? '' })
        expect(order).toMatchObject({
          problem: null,
          areq: { browserLanguage: language, browserJavascriptEnabled: javaScriptEnabled },
          ares: { transStatus: 'C', acsChallengeMandated: 'Y', authenticationType: '02' },
          rreq: {
            transStatus: 'Y',
            eci: '05',
            authenticationType: '02',
            authenticationMethod: '05',
            interactionCounter: '01',
            authenticationValue: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
          },
          rres: { resultsStatus: '01' },
          cres: { transStatus: 'Y' },
        })
        // The directory server gets the result before the merchant's page does, and each gets it once.
        expect(order.messages.map(({ message }) => message)).toEqual(['AReq', 'ARes', 'CReq', 'RReq', 'RRes', 'CRes'])
      })
    })
  }
}

for (const challengeInd of ['01', '02', '05']) {
  test(`a small purchase is authenticated without the cardholder (indicator ${challengeInd})`, async ({ shop }) => {
    const order = await shop.order({ amount: 1_200, challengeInd })
    expect(order).toMatchObject({
      status: 'authenticated',
      problem: null,
      ares: { transStatus: 'Y', eci: '05', authenticationValue: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/) },
    })
    expect(order.ares).not.toHaveProperty('acsURL')
    expect(order.ares).not.toHaveProperty('transStatusReason')
  })
}

test('data sharing (06) is answered I, never challenged, whatever the amount', async ({ shop }) => {
  for (const amount of [1_200, 9_900_000]) {
    const { ares } = await shop.order({ amount, challengeInd: '06' })
    expect(ares).toMatchObject({ transStatus: 'I' })
    expect(ares).not.toHaveProperty('acsURL')
    expect(ares).not.toHaveProperty('authenticationValue')
  }
})

test('a merchant that requests a challenge (03, 04) gets one for a small amount, too', async ({ shop, product }) => {
  for (const challengeInd of ['03', '04']) {
    const { ares } = await shop.order({ amount: 1_200, challengeInd })
    expect(ares).toMatchObject({
      transStatus: 'C',
      acsChallengeMandated: 'N',
      acsURL: `${product.addresses.acs}/acs/challenge`,
    })
  }
})

test('02 and 05 do not exempt a purchase over the limit from its challenge', async ({ shop }) => {
  for (const challengeInd of ['02', '05']) {
    const { ares } = await shop.order({ amount: 12_800, challengeInd })
    expect(ares).toMatchObject({ transStatus: 'C', acsChallengeMandated: 'Y' })
  }
})

const japanese = /[ぁ-んァ-ヶ一-龠]/
const english = /^[\x20-\x7e’]+$/
const refusals = [
  { who: 'an unknown card', card: cards.unknown, locale: 'ja', transStatus: 'N', reason: '08', language: japanese },
  { who: 'an unknown card', card: cards.unknown, locale: 'en', transStatus: 'N', reason: '08', language: english },
  { who: 'a stolen card', card: cards.stolen, locale: 'ja', transStatus: 'R', reason: '10', language: japanese },
  { who: 'an expired card', card: cards.expired, locale: 'ja', transStatus: 'N', reason: '05', language: japanese },
  {
    who: 'a card without an address',
    card: cards.yui,
    // Up to ¥30,000 the window lets the cardholder register one.
    amount: 48_000,
    locale: 'ja',
    transStatus: 'N',
    reason: '13',
    language: japanese,
  },
  // The language of the issuer's list is Japanese, and the cardholder has chosen none.
  { who: 'a stolen card', card: cards.stolen, locale: 'en', transStatus: 'R', reason: '10', language: english },
] as const

for (const { who, card, locale, transStatus, reason, language, ...more } of refusals) {
  test(`${who} is refused with a reason that the cardholder can read (${reason}, ${locale})`, async ({ shop }) => {
    const order = await shop.order({ card, locale, challengeInd: '04', ...more })
    expect(order.ares).toMatchObject({ messageType: 'ARes', transStatus, transStatusReason: reason, eci: '07' })
    const info = String(order.ares.cardholderInfo)
    expect(info).toMatch(language)
    expect([...info].length).toBeLessThanOrEqual(128)
    expect(order.ares).not.toHaveProperty('authenticationValue')
  })
}

test('a card without an address for codes can still pay small amounts', async ({ shop }) => {
  expect((await shop.order({ card: cards.yui, amount: 1_200 })).ares).toMatchObject({ transStatus: 'Y' })
})

test('another issuer’s card gets an Erro, not an ARes', async ({ shop }) => {
  const { ares, status } = await shop.order({ card: cards.foreign })
  expect(ares).toMatchObject({ messageType: 'Erro', errorCode: '305', errorComponent: 'A', errorDetail: 'acctNumber' })
  expect(status).toBe('error')
})
