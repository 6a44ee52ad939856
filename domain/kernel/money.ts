import { currencyCode, exponentOf } from './iso.ts'
import type { Language } from './language.ts'

/**
 * Formats an amount as speakers of the language write it: 12,800円 / ¥12,800. `amount` is in minor units, up to 48
 * digits, so it is never converted to a number, which would lose digits.
 */
export function formatAmount(amount: string, currency: string, exponent: string, language: Language): string {
  const digits = Number(exponent)
  const padded = amount.padStart(digits + 1, '0')
  const decimal = digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
  const code = currencyCode(currency)
  const format = new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en', {
    ...(code ? { style: 'currency', currency: code, currencyDisplay: language === 'ja' ? 'name' : 'symbol' } : {}),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return format.format(decimal as `${number}`).replace(/(?<=\d)\s+(?=[^\d\s])/u, language === 'ja' ? '' : ' ')
}

/** Formats an amount in minor units, with the ISO 4217 exponent of its currency (numeric code). */
export function formatMoney(amount: bigint, currency: string, language: Language): string {
  return formatAmount(String(amount), currency, String(exponentOf(currency) ?? 0), language)
}
