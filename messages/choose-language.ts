import { routing } from './routing.ts'

type Locale = (typeof routing.locales)[number]

/** Our language for a BCP 47 tag, regardless of its region, script and case; undefined if we do not have it. */
export function ourLanguage(languageTag = ''): Locale | undefined {
  const [primary] = languageTag.trim().toLowerCase().split(/[-_]/)
  return routing.locales.find(locale => locale === primary)
}

/**
 * The language for an address without one: the language that the reader chose before (public/site.js keeps it in a
 * cookie), otherwise the first of the browser's preferred languages that we have.
 */
export function chooseLanguage(chosen: string | undefined, acceptLanguage: string | null): Locale {
  const preferred = (acceptLanguage ?? '')
    .split(',')
    .map(entry => {
      const [languageTag, ...parameters] = entry.split(';')
      const quality = parameters
        .map(each => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(each)?.[1])
        .find(each => each !== undefined)
      return { language: ourLanguage(languageTag), quality: Number(quality ?? 1) }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .find(({ language }) => language)
  return ourLanguage(chosen) ?? preferred?.language ?? routing.defaultLocale
}
