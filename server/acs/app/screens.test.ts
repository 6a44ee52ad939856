import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { appCRes, screenCRes } from '#domain/emv/app-cres.ts'
import { check } from '#domain/emv/check.ts'
import { versions } from '#domain/emv/version.ts'
import en from '#messages/en.json' with { type: 'json' }
import { type Installation, startInstallation } from '../../testing/installation.ts'
import { screenFor } from './screens.ts'

let at: Installation
beforeAll(async () => {
  at = await startInstallation()
})
afterAll(() => at.stop())

const ids = {
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
  sdkTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
}
const hostile = '"><script>alert(1)</script>\u202e\n&'

function row(change: Partial<ChallengeRow>): ChallengeRow {
  const purchase = {
    merchantName: 'あ'.repeat(40),
    merchantID: 'm',
    amount: '9'.repeat(20),
    currency: '392',
    exponent: '0',
  }
  return {
    purchase,
    destination: `h•••@•••.${'x'.repeat(20)}`,
    destinationMobile: '•••••••78',
    attempts: 1,
    codeExpiresAt: new Date(0),
    ...change,
  } as ChallengeRow
}

test.each(versions)(
  'every screen of either kind, with every notice in both languages, is one that %s lets through',
  version => {
    for (const language of ['ja', 'en'] as const) {
      for (const notice of ['code-sent', ...Object.keys(en.challenge.notice).filter(key => key !== 'heading')]) {
        for (const uiType of ['01', '05'] as const) {
          const screen = screenFor(
            uiType,
            row({ language, messageVersion: version, notice: notice as NonNullable<ChallengeRow['notice']> }),
            '0005',
            '港'.repeat(30),
            30_000n,
          )
          const cres = screenCRes({ ...ids, messageVersion: version }, 255, screen)
          expect(check(appCRes, { ...cres }, { version }), `${language} ${notice}`).toEqual([])
          // Cut words would be no error of the table's.
          if (screen.acsUiType === '01') expect(screen.challengeInfoText).toContain('0005')
          if (screen.acsUiType === '01')
            expect(screen.whyInfoText + screen.expandInfoText).toMatch(/(\.|。).*(\.|。)$/s)
        }
      }
    }
  },
)

test('the greeting stands in a text whole or not at all, and adds nothing to a page', () => {
  const greeted = (uiType: '01' | '05', change: Partial<ChallengeRow> = {}) => {
    const screen = screenFor(uiType, row({ language: 'en', ...change }), '0005', hostile)
    return screen.acsUiType === '01' ? screen.challengeInfoText : 'acsHTML' in screen ? screen.acsHTML : ''
  }
  const purchase = { merchantName: 'Shop', merchantID: 'm' }
  expect(greeted('01', { purchase })).toContain(`Your own greeting: ${hostile}`)
  expect(greeted('01', { destination: 'x'.repeat(300) })).not.toContain('greeting')
  expect(Buffer.from(greeted('05'), 'base64url').toString('utf8')).toContain('&#60;script&#62;alert(1)')
})

test('a merchant’s name adds nothing to a page, and no line to a text', () => {
  const purchase = { merchantName: hostile, merchantID: 'm' }
  const page = screenFor('05', row({ language: 'en', purchase }), '0005')
  const html = page.acsUiType === '05' ? Buffer.from(page.acsHTML, 'base64url').toString('utf8') : ''
  expect(html).toContain('alert')
  expect(html).not.toMatch(/<script|\u202e/)
  expect(html).not.toMatch(/(src|href)=|url\(|@import|https?:(?!\/\/EMV3DS\/challenge")/i)
  const text = screenFor('01', row({ language: 'en', purchase }), '0005')
  const lines = text.acsUiType === '01' ? text.challengeInfoText.split('\n') : []
  expect(lines).toHaveLength(4)
  expect(lines.join('')).not.toContain('\u202e')
})
