import type { Instant } from './instant.ts'
import type { Language } from './language.ts'

/** Reads purchaseDate (YYYYMMDDHHMMSS, UTC). */
export function purchaseInstant(purchaseDate: string): Instant {
  const part = (from: number, to: number) => Number(purchaseDate.slice(from, to))
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14))
}

/** Formats day and time in Tokyo with the time zone: 11月22日 15:04(日本時間) / 22 Nov, 15:04 JST. */
export function formatTime(at: Instant, language: Language): string {
  const date = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    month: 'short',
    day: 'numeric',
    timeZone: 'Asia/Tokyo',
  }).format(at)
  return language === 'ja' ? `${date} ${formatClock(at, language)}` : `${date}, ${formatClock(at, language)}`
}

/** Formats a day that begins at midnight in Tokyo, with its weekday: 12月3日(木)午前0時(日本時間) / Thu 3 Dec, 00:00 JST. Short enough for a text message. */
export function formatDay(midnight: Instant, language: Language): string {
  const day = weekdayAndDay(midnight, language, 'short')
  return language === 'ja' ? `${day}午前0時(日本時間)` : `${day.replace(',', '')}, 00:00 JST`
}

/** Formats the day of an instant in Tokyo, as a heading: 2026年12月3日(木) / Thursday, 3 December 2026. */
export function formatDate(at: Instant, language: Language): string {
  const year = new Intl.DateTimeFormat('en-GB', { year: 'numeric', timeZone: 'Asia/Tokyo' }).format(at)
  return language === 'ja'
    ? `${year}年${weekdayAndDay(at, language, 'short')}`
    : `${weekdayAndDay(at, language, 'long')} ${year}`
}

function weekdayAndDay(at: Instant, language: Language, length: 'short' | 'long'): string {
  const japanese = language === 'ja'
  const day = new Intl.DateTimeFormat(japanese ? 'ja-JP' : 'en-GB', {
    month: length,
    day: 'numeric',
    weekday: length,
    timeZone: 'Asia/Tokyo',
  }).format(at)
  return japanese ? day : day.replace(/^(\w+),? /, '$1, ')
}

/** Formats the month of an instant in Tokyo: 2030年12月 / December 2030. */
export function formatMonth(at: Instant, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    year: 'numeric',
    month: 'long',
    timeZone: 'Asia/Tokyo',
  }).format(at)
}

/** Formats the time of day in Tokyo, for events of the same day: 15:04(日本時間) / 15:04 JST. */
export function formatClock(at: Instant, language: Language): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Tokyo',
    hourCycle: 'h23',
  }).format(at)
  return language === 'ja' ? `${time}(日本時間)` : `${time} JST`
}

/** Formats day and time in Tokyo for spreadsheets, which read it as a time: 2026-12-03 15:04:05. */
export function formatForSpreadsheet(at: Instant): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Asia/Tokyo' }).format(
    at,
  )
}
