import { pageOf } from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'

/** The page that a visitor was going to before leaving for the identity provider. */
export interface ReturnTo {
  readonly locale: Language
  readonly purpose: 'sign-in' | 'confirm'
  readonly to: string
}

/**
 * Reads the stored form of it, such as `en/confirm/contact/email`. Anything unexpected becomes a sign-in that leads to
 * the overview.
 */
export function returnToOf(kept: string): ReturnTo {
  const [language, purpose, ...to] = kept.split('/')
  return {
    locale: language === 'en' ? 'en' : 'ja',
    purpose: purpose === 'confirm' ? 'confirm' : 'sign-in',
    to: pageOf(to.filter(segment => segment !== '')),
  }
}
