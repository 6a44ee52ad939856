import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { appCRes, screenCRes } from '#domain/emv/app-cres.ts'
import type { Screens } from '#domain/emv/app-screens.ts'
import { check } from '#domain/emv/check.ts'
import { versions } from '#domain/emv/version.ts'
import { isCurrency } from '#domain/kernel/iso.ts'
import { formatMoney } from '#domain/kernel/money.ts'
import { type MethodId, methodIds } from '#domain/methods/registry.ts'
import en from '#messages/en.json' with { type: 'json' }
import ja from '#messages/ja.json' with { type: 'json' }
import { serverMethods } from '../../methods/registry.ts'
import { type Deployment, startDeployment } from '../../testing/deployment.ts'
import { informationAbout } from './native.ts'
import { screenFor } from './screens.ts'
import type { ScreenFacts } from './shown.ts'

let at: Deployment
beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

const ids = {
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
  sdkTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
}
const hostile = '"><script>alert(1)</script>\u202e\n&'
const destinations = { 'email-code': `h•••@•••.${'x'.repeat(60)}`, 'sms-code': '•••••••78' }

function row(change: Partial<ChallengeRow>): ChallengeRow {
  const purchase = {
    merchantName: 'あ'.repeat(40),
    merchantID: 'm',
    amount: '9'.repeat(20),
    currency: '392',
    exponent: '0',
  }
  return {
    state: 'asking',
    messageVersion: '2.2.0',
    purchase,
    selected: ['email-code', 'sms-code'],
    outOfBand: ['account'],
    attempts: 1,
    codeExpiresAt: 0,
    deadlineAt: 0,
    ...change,
  } as ChallengeRow
}

const proofOf = (method: MethodId, destination: string) => ({ method, destination, state: 'pending' as const })
const proofs = [proofOf('email-code', `h•••@•••.${'x'.repeat(20)}`), proofOf('sms-code', '•••••••78')]

function asked(screens: Screens, change: Partial<ScreenFacts> = {}): ScreenFacts {
  const offered = { methods: methodIds.filter(id => serverMethods[id].screen), destinations }
  const facts = {
    lastFour: '0005',
    personalMessage: undefined,
    trust: undefined,
    proofs,
    opensApps: true,
    request: undefined,
  }
  const limits = { attemptsLeft: 4, codesAgainAt: Date.UTC(2026, 11, 31, 14, 59) }
  return { ...facts, limits, screens, offered, ...change }
}

const notices = Object.keys(en.challenge.notice).filter(key => key !== 'heading') as NonNullable<
  ChallengeRow['notice']
>[]
/** Each state with each screen that it may use. */
const kinds: readonly (readonly [ChallengeRow['state'], Screens])[] = [
  ['asking', { code: '01' }],
  ['asking', { code: '01', choice: '02' }],
  ['asking', { code: '05' }],
  ['choosing', { code: '01', choice: '02' }],
  ['choosing', { code: '01', choice: '03' }],
  ['awaiting-approval', { code: '01', outOfBand: '04' }],
  ['awaiting-approval', { outOfBand: '04' }],
]

test.each(versions)(
  '[Req 50, 51] every screen of either kind, with every notice in both languages, passes the tables of %s',
  version => {
    const html = [['awaiting-approval', { code: '05', outOfBand: '06' }] as const]
    for (const language of ['ja', 'en'] as const) {
      for (const notice of [null, ...notices]) {
        for (const [state, screens] of [...kinds, ...(version === '2.3.1' ? html : [])]) {
          const standing = row({ language, notice, state, messageVersion: version })
          const screen = screenFor(
            standing,
            asked(screens, { personalMessage: '港'.repeat(30), trust: { limit: 30_000n, needsSms: true } }),
          )
          const cres = screenCRes({ ...ids, messageVersion: version }, 255, screen)
          expect(check(appCRes, { ...cres }, { version }), `${language} ${state} ${notice}`).toEqual([])
          // The tables do not detect text that was cut off.
          if ('whyInfoText' in screen) {
            expect(screen.challengeInfoText).toContain('0005')
            expect(screen.whyInfoText + screen.expandInfoText).toMatch(/(\.|。).*(\.|。)$/s)
          }
        }
      }
    }
  },
)

const currencies = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0')).filter(isCurrency)

test.each([
  ['ja', false, ja.app.trust],
  ['ja', true, ja.app.trustBySms],
  ['en', false, en.app.trust],
  ['en', true, en.app.trustBySms],
] as const)(
  'the checkbox for trusting a merchant shows the longest limit of every currency whole (%s, by text message: %s)',
  (language, needsSms, text) => {
    expect(currencies.length).toBeGreaterThan(150)
    // As many digits as the issuer's settings permit.
    const limit = 10n ** 15n - 1n
    for (const currency of currencies) {
      const standing = row({ language, purchase: { ...row({}).purchase, currency } })
      const screen = screenFor(standing, asked({ code: '01' }, { trust: { limit, needsSms } }))
      expect(screen).toMatchObject({
        whitelistingInfoText: text.replace('{amount}', formatMoney(limit, currency, language)),
      })
    }
  },
)

test('a merchant without a name is called so in whole words', () => {
  const unnamed = { ...row({}).purchase, merchantName: '' }
  const screen = screenFor(row({ language: 'en', purchase: unnamed }), asked({ code: '01' }))
  expect(screen).toMatchObject({ challengeInfoText: expect.stringContaining('Shop: Unnamed shop') })
})

describe('a choice', () => {
  const choosing = row({ language: 'en', state: 'choosing', notice: null })
  const infoOf = (screens: Screens, change?: Partial<ScreenFacts>) => {
    const screen = screenFor(choosing, asked(screens, change))
    return 'challengeSelectInfo' in screen ? screen.challengeSelectInfo : undefined
  }

  test('offers single methods if the device can show that, and contacts for codes if it shows only a choice of several', () => {
    const email = { mail: `E-mail h•••@•••.${'x'.repeat(29)}` }
    const sms = { sms: 'Text message •••••••78' }
    expect(infoOf({ choice: '02' })).toEqual([
      { push: 'Approve on a registered device' },
      email,
      sms,
      { both: 'Both' },
      { acct: 'Approve in your account' },
    ])
    expect(infoOf({ choice: '03' })).toEqual([email, sms])
  })

  test('offers only the available methods', () => {
    expect(infoOf({ choice: '02' }, { offered: { methods: ['sms-code', 'account'], destinations } })).toHaveLength(2)
  })
})

describe('out of band', () => {
  const waiting = row({ language: 'en', state: 'awaiting-approval', notice: null, messageVersion: '2.3.1' })

  test('leads to the account if the device opens other addresses', () => {
    const link = { oobAppURL: 'https://acs.test/en/account/payments', oobAppLabel: 'Open your account' }
    expect(screenFor(waiting, asked({ outOfBand: '04' }))).toMatchObject(link)
    expect(screenFor(waiting, asked({ outOfBand: '04' }, { opensApps: false }))).not.toHaveProperty('oobAppURL')
    expect(screenFor(waiting, asked({ outOfBand: '06' }))).toMatchObject({ acsUiType: '06', oobAppURL: link.oobAppURL })
  })

  test('offers a code instead in 2.3.1 if the device can show that, and says so if there is no answer yet', () => {
    const label = { challengeAddLabel: 'Send a code instead' }
    expect(screenFor(waiting, asked({ code: '01', outOfBand: '04' }))).toMatchObject(label)
    expect(screenFor(waiting, asked({ outOfBand: '04' }))).not.toHaveProperty('challengeAddLabel')
    const earlier = row({ ...waiting, messageVersion: '2.2.0', notice: 'answer-missing' })
    const screen = screenFor(earlier, asked({ code: '01', outOfBand: '04' }))
    expect(screen).toMatchObject({ acsUiType: '04', challengeInfoTextIndicator: 'Y' })
    expect(screen).not.toHaveProperty('challengeAddLabel')
  })
})

test('the personal message is shown whole or left out, and cannot add markup to a page', () => {
  const greeted = (screens: Screens, change: Partial<ChallengeRow> = {}, to = proofs) => {
    const screen = screenFor(
      row({ language: 'en', ...change }),
      asked(screens, { personalMessage: hostile, proofs: to }),
    )
    return 'challengeInfoText' in screen ? screen.challengeInfoText : 'acsHTML' in screen ? screen.acsHTML : ''
  }
  const purchase = { merchantName: 'Shop', merchantID: 'm' }
  for (const [state, screens] of kinds.filter(([, { code }]) => code !== '05'))
    expect(greeted(screens, { purchase, state })).toContain(`Your personal message: ${hostile}`)
  expect(greeted({ code: '01' }, {}, [proofOf('email-code', 'x'.repeat(300))])).not.toContain('personalMessage')
  for (const [state, screens] of [
    ['asking', { code: '05' }],
    ['awaiting-approval', { outOfBand: '06' }],
  ] as const) {
    const page = Buffer.from(greeted(screens, { state }), 'base64url').toString('utf8')
    expect(page).toContain('&#60;script&#62;alert(1)')
  }
})

test('[Req 375, 376, 377, 378] a page hides its help until it is opened', () => {
  for (const [state, screens] of [
    ['asking', { code: '05' }],
    ['awaiting-approval', { code: '05', outOfBand: '06' }],
  ] as const) {
    const page = screenFor(row({ language: 'en', state }), asked(screens))
    const html = 'acsHTML' in page ? Buffer.from(page.acsHTML, 'base64url').toString('utf8') : ''
    expect(html.match(/<details><summary>[^<]+<\/summary><p>[^<]+<\/p><\/details>/g)?.length).toBeGreaterThan(1)
    expect(html).not.toMatch(/<details open/)
  }
})

test('[Req 359] a page has the issuer above, the challenge below it, and the help last', () => {
  for (const [state, screens] of [
    ['asking', { code: '05' }],
    ['awaiting-approval', { code: '05', outOfBand: '06' }],
  ] as const) {
    const page = screenFor(row({ language: 'en', state }), asked(screens))
    const html = 'acsHTML' in page ? Buffer.from(page.acsHTML, 'base64url').toString('utf8') : ''
    const places = ['<header>', '<main>', '<h1', '</form>', '<details>', '</main>'].map(part =>
      html.indexOf(part, part === '</form>' ? html.indexOf('<h1') : 0),
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  }
})

test('[Req 160, 161, 163, 164, 165, 370] a merchant’s name cannot add markup to a page, or a line to a text', () => {
  const purchase = { merchantName: hostile, merchantID: 'm' }
  for (const [state, screens] of [
    ['asking', { code: '05' }],
    ['awaiting-approval', { code: '05', outOfBand: '06' }],
  ] as const) {
    const page = screenFor(row({ language: 'en', purchase, state }), asked(screens))
    const html = 'acsHTML' in page ? Buffer.from(page.acsHTML, 'base64url').toString('utf8') : ''
    expect(html).toContain('alert')
    expect(html).not.toMatch(/<script|\u202e/)
    expect(html).not.toMatch(/(src|href)=|url\(|@import|https?:(?!\/\/EMV3DS\/challenge")/i)
  }
  const text = screenFor(row({ language: 'en', purchase }), asked({ code: '01' }))
  const lines = 'challengeInfoText' in text ? text.challengeInfoText.split('\n') : []
  expect(lines).toHaveLength(4)
  expect(lines.join('')).not.toContain('\u202e')
})

test.each(['report-open', 'email-recently-changed', 'number-stopped'] as const)(
  'a 2.3.1 app says what to do after a refusal for %s',
  outcome => {
    for (const language of ['ja', 'en'] as const) {
      const told = informationAbout(outcome, language)
      expect(told?.challengeInfoText).toMatch(
        language === 'ja' ? /カード裏面の電話番号/ : /number on the back of your card/,
      )
      expect(told?.challengeInfoText).not.toContain('{')
    }
  },
)
