import type { Metadata } from 'next'
import { currentTerms } from '#domain/terms/versions.ts'
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

/** The current version of the terms. */
export default async function TermsPage({ params }: LocaleParams) {
  const language = await languageOfPage(params)
  const say = await sayOf(language, 'terms')
  return (
    <SitePage language={language} path="/terms">
      <Terms language={language} version={currentTerms} heading={say('title')} />
    </SitePage>
  )
}
