import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { formatAmount } from './money.ts'
import { formatTime, purchaseInstant } from './time.ts'

describe('formats an amount as speakers of the language write it', () => {
  test.each([
    { amount: '12800', currency: '392', exponent: '0', ja: '12,800円', en: '¥12,800' },
    { amount: '0012800', currency: '392', exponent: '0', ja: '12,800円', en: '¥12,800' },
    { amount: '0', currency: '392', exponent: '0', ja: '0円', en: '¥0' },
    { amount: '1050', currency: '840', exponent: '2', ja: '10.50米ドル', en: '$10.50' },
    { amount: '5', currency: '840', exponent: '2', ja: '0.05米ドル', en: '$0.05' },
    { amount: '1234567', currency: '978', exponent: '2', ja: '12,345.67ユーロ', en: '€12,345.67' },
    { amount: '1000', currency: '414', exponent: '3', ja: '1.000クウェート ディナール', en: 'KWD\u00a01.000' },
  ])('$amount of $currency: $ja, $en', ({ amount, currency, exponent, ja, en }) => {
    expect([formatAmount(amount, currency, exponent, 'ja'), formatAmount(amount, currency, exponent, 'en')]).toEqual([
      ja,
      en,
    ])
  })

  test('keeps every digit, however large the amount is', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{0,47}$/)
    fc.assert(
      fc.property(digits, fc.constantFrom('ja' as const, 'en' as const), (amount, language) => {
        expect(formatAmount(amount, '392', '0', language).replace(/\D/g, '')).toBe(amount)
        expect(formatAmount(amount, '840', '2', language).replace(/\D/g, '')).toBe(amount.padStart(3, '0'))
      }),
    )
  })
})

describe('a purchase’s time', () => {
  test('is UTC in the message, and Tokyo time with its zone on the page', () => {
    const at = purchaseInstant('20261231150409')
    expect(at).toBe(Date.UTC(2026, 11, 31, 15, 4, 9))
    expect([formatTime(at, 'ja'), formatTime(at, 'en')]).toEqual(['1月1日 00:04(日本時間)', '1 Jan, 00:04 JST'])
  })
})
