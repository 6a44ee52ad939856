import { notFound } from 'next/navigation'
import { hasLocale } from 'next-intl'
import { setRequestLocale } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { routing } from '#messages/routing.ts'

export interface LocaleParams {
  readonly params: Promise<{ readonly locale: string }>
}

/** The language in a page's address. Every page calls it first, so that Next.js can render the page statically. */
export async function languageOfPage(params: LocaleParams['params']): Promise<Language> {
  const { locale } = await params
  if (!hasLocale(routing.locales, locale)) notFound()
  setRequestLocale(locale)
  return locale
}

export function otherLanguage(language: Language): Language {
  return language === 'ja' ? 'en' : 'ja'
}
