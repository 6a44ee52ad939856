import type { Metadata } from 'next'
import { effectiveTerms } from '#domain/terms/versions.ts'
import { now } from '#server/platform/clock.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { pageMetadata } from '../../shell/metadata.ts'
import { SitePage } from '../../shell/site-page.tsx'
import { sayOf } from '../said.tsx'
import { Terms } from './terms.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'terms')
  return pageMetadata(language, '/terms', { title: say('title'), description: say('description') })
}

/** Rendered per request: another version becomes effective at its midnight. */
export const dynamic = 'force-dynamic'

/** The effective version of the terms. */
export default async function TermsPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'terms')
  return (
    <SitePage language={language} path="/terms">
      <Terms language={language} version={effectiveTerms(now())} heading={say('title')} />
    </SitePage>
  )
}
