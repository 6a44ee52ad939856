import { pageOf } from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'

/** Where a visitor was going who left for the identity provider. */
export interface ReturnTo {
  readonly locale: Language
  readonly purpose: 'sign-in' | 'confirm'
  readonly to: string
}

/** Reads what was kept of it, `en/confirm/contact/email`; whatever is no way leads through sign-in to the overview. */
export function returnToOf(kept: string): ReturnTo {
  const [language, purpose, ...to] = kept.split('/')
  return {
    locale: language === 'en' ? 'en' : 'ja',
    purpose: purpose === 'confirm' ? 'confirm' : 'sign-in',
    to: pageOf(to.filter(segment => segment !== '')),
  }
}
