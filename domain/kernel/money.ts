import { currencyCode, exponentOf } from './iso.ts'
import type { Language } from './language.ts'

/**
 * An amount as people of the language write it: 12,800円 / ¥12,800. `amount` counts minor units, up to 48 digits, so
 * it never becomes a number on the way.
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

/** An amount of our own: minor units of a currency by its number. */
export function formatMoney(amount: bigint, currency: string, language: Language): string {
  return formatAmount(String(amount), currency, String(exponentOf(currency) ?? 0), language)
}
