import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import ja from '#messages/ja.json'
import { type Installation, startInstallation } from '../testing/installation.ts'
import type { Content, Notice, OtherCode } from './message.ts'
import { longestSms, writeSms } from './write-sms.ts'

let at: Installation
beforeAll(async () => {
  at = await startInstallation()
})
afterAll(() => at.stop())

const languages = ['ja', 'en'] as const
const payment = (merchantName: string, amount?: string): Content => ({
  kind: 'payment-code',
  code: '123456',
  lastFour: '0005',
  lifetime: 600_000,
  purchase: { merchantName, merchantID: 'ID', ...(amount && { amount, currency: '392', exponent: '0' }) },
})

describe('a text message', () => {
  test('with a payment’s code begins with shop and amount, and the code after them', () => {
    expect(writeSms({ language: 'ja', content: payment('サンプル商店', '12800') })).toBe(
      '【SafeKey】サンプル商店 12,800円のお支払い 認証コード123456(10分間有効)。お心当たりがなければ入力しないでください',
    )
    expect(writeSms({ language: 'en', content: payment('Sample Shop', '12800') })).toBe(
      '[SafeKey] Sample Shop, ¥12,800: verification code 123456, valid 10 minutes. Not your payment? Do not enter it.',
    )
  })

  test('has at most 134 UTF-16 units, no link and the whole code, whatever shop and amount are', () => {
    const amount = fc.option(fc.stringMatching(/^[1-9][0-9]{0,47}$/), { nil: undefined })
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('𠮷'.repeat(40)))
    fc.assert(
      fc.property(fc.constantFrom(...languages), name, amount, (language, merchant, price) => {
        const text = writeSms({ language, content: payment(merchant, price) })
        expect(text.length).toBeLessThanOrEqual(longestSms)
        expect(text).toContain('123456')
        expect(text).not.toMatch(/:\/\/|www\.|@/)
      }),
      { numRuns: 500 },
    )
  })

  test.each(languages)('of every other kind has at most 134 UTF-16 units and no link (%s)', language => {
    const codes = Object.keys(ja.message.code).map(
      words => ({ kind: 'code', words, code: '123456', lifetime: 600_000 }) as OtherCode,
    )
    const values = {
      contact: 'h•••@•••.example',
      at: '12月31日 15:04(日本時間)',
      device: 'a browser with a very long name'.repeat(5),
      cardholder: 'C'.repeat(60),
      merchant: 'M'.repeat(60),
      amount: '1,234,567,890,123.45米ドル',
      until: '12月31日 15:04(日本時間)',
    }
    const notices = Object.keys(ja.message.notice).map(words => ({ kind: 'notice', words, values }) as Notice)
    for (const content of [...codes, ...notices]) {
      const text = writeSms({ language, content })
      expect(text.length).toBeLessThanOrEqual(longestSms)
      expect(text).not.toMatch(/:\/\/|www\.|[{}]/)
    }
  })
})
