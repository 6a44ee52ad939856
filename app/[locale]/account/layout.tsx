import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { type LocaleParams, languageOfPage } from '../shell/languages.ts'
import { FailureWords } from './failure-words.tsx'

/** Rendered per request, because every page is about one person. */
export const dynamic = 'force-dynamic'

/** Keeps search engines out. */
export const metadata: Metadata = { robots: { index: false, follow: false } }

export default async function AccountLayout({ params, children }: LocaleParams & { children: ReactNode }) {
  const say = await getTranslations({ locale: await languageOfPage(params), namespace: 'account.form.failure' })
  const words = { heading: say('heading'), text: say('text'), again: say('again') }
  return <FailureWords value={words}>{children}</FailureWords>
}
