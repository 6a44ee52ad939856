import type { Language } from '#domain/kernel/language.ts'

/** What stands between two sentences. Japanese has no space there. */
export function sentenceSpace(language: Language): string {
  return language === 'ja' ? '' : ' '
}
