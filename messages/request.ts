import { hasLocale } from 'next-intl'
import { getRequestConfig } from 'next-intl/server'
import { routing } from './routing.ts'

const catalogues = {
  ja: () => import('./ja.json'),
  en: () => import('./en.json'),
}

/**
 * The sentences of a page, in the language of its address or the one that the page names itself (as the challenge
 * window does).
 */
export default getRequestConfig(async ({ locale, requestLocale }) => {
  const wanted = locale ?? (await requestLocale)
  const language = hasLocale(routing.locales, wanted) ? wanted : routing.defaultLocale
  return { locale: language, messages: (await catalogues[language]()).default, timeZone: 'Asia/Tokyo' }
})
