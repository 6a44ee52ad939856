import { currencyCode, exponentOf } from '#domain/emv/iso.ts'
import type { Instant, Language } from './machine.ts'

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

/** purchaseDate (YYYYMMDDHHMMSS, UTC) as an instant. */
export function purchaseInstant(purchaseDate: string): Instant {
  const part = (from: number, to: number) => Number(purchaseDate.slice(from, to))
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14))
}

/** Day and time in Tokyo, with the zone said: 11月22日 15:04(日本時間) / 22 Nov, 15:04 JST. */
export function formatTime(at: Instant, language: Language): string {
  const date = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    month: 'short',
    day: 'numeric',
    timeZone: 'Asia/Tokyo',
  }).format(at)
  return language === 'ja' ? `${date} ${formatClock(at, language)}` : `${date}, ${formatClock(at, language)}`
}

/** A day that begins at midnight in Tokyo, with its weekday: 12月3日(木)午前0時(日本時間) / Thu 3 Dec, 00:00 JST. */
export function formatDay(midnight: Instant, language: Language): string {
  const day = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    timeZone: 'Asia/Tokyo',
  }).format(midnight)
  return language === 'ja' ? `${day}午前0時(日本時間)` : `${day.replace(',', '')}, 00:00 JST`
}

/** The month of an instant in Tokyo: 2030年12月 / December 2030. */
export function formatMonth(at: Instant, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    year: 'numeric',
    month: 'long',
    timeZone: 'Asia/Tokyo',
  }).format(at)
}

/** Time of day in Tokyo, for something that happens today: 15:04(日本時間) / 15:04 JST. */
export function formatClock(at: Instant, language: Language): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Tokyo',
    hourCycle: 'h23',
  }).format(at)
  return language === 'ja' ? `${time}(日本時間)` : `${time} JST`
}
