import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'

/** The fictitious purchase in the site's pictures: a teapot, as in the demo shop. */
export const example = {
  purchase: {
    amount: '12800',
    currency: '392',
    exponent: '0',
    /** UTC: 15:04 in Tokyo. */
    date: '20261203060400',
    merchantID: '',
  },
  lastFour: '0005',
  code: '482913',
} as const

export function exampleAmount(language: Language): string {
  const { amount, currency, exponent } = example.purchase
  return formatAmount(amount, currency, exponent, language)
}
