import { createTranslator } from 'use-intl/core'
import type { Language } from '#domain/kernel/language.ts'
import en from '#messages/en.json' with { type: 'json' }
import ja from '#messages/ja.json' with { type: 'json' }

const translators = { ja: translator('ja', ja), en: translator('en', en) }

function translator(locale: Language, messages: typeof ja) {
  return createTranslator({ locale, messages, timeZone: 'Asia/Tokyo' })
}

/** Sentences outside of Next.js: for messages to cardholders, and for merchants' pages. */
export function words(language: Language) {
  return translators[language]
}

/** Which of our two languages a BCP 47 tag selects, also one spelled like `ja_JP`; Japanese if there is none. */
export function languageOf(languageTag: string | undefined): Language {
  return languageTag === undefined || /^ja(?![a-z0-9])/i.test(languageTag) ? 'ja' : 'en'
}
