import { routing } from './routing.ts'

type Locale = (typeof routing.locales)[number]

/** Our language of a BCP 47 tag, whatever its region, script and case; undefined for any other. */
export function ourLanguage(languageTag = ''): Locale | undefined {
  const [primary] = languageTag.trim().toLowerCase().split(/[-_]/)
  return routing.locales.find(locale => locale === primary)
}

/**
 * The language for an address without one: the one chosen by hand before (public/site.js keeps it in a cookie), else the
 * first of ours among those that the browser prefers.
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
