import countries from 'i18n-iso-countries'
import type { Language } from './language.ts'

/** The name of a country by its ISO 3166-1 number, three digits; undefined if there is none. */
export function formatCountry(number: string, language: Language): string | undefined {
  const code = countries.numericToAlpha2(number)
  return code && new Intl.DisplayNames(language, { type: 'region' }).of(code)
}
