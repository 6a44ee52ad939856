import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { isTermsVersion } from '#domain/terms/versions.ts'
import { languageOfPage } from '../../../shell/languages.ts'
import { pageMetadata } from '../../../shell/metadata.ts'
import { SitePage } from '../../../shell/site-page.tsx'
import { sayOf } from '../../said.tsx'
import { formatDay, Terms } from '../terms.tsx'

interface VersionParams {
  readonly params: Promise<{ readonly locale: string; readonly version: string }>
}

async function read(params: VersionParams['params']) {
  const language = await languageOfPage(params)
  const { version } = await params
  if (!isTermsVersion(version)) notFound()
  const say = await sayOf(language, 'terms')
  return { language, version, say, heading: say('titleOf', { date: formatDay(version, language) }) }
}

/** Rendered per request: the page says whether its version is effective. */
export const dynamic = 'force-dynamic'

export async function generateMetadata({ params }: VersionParams): Promise<Metadata> {
  const { language, version, say, heading } = await read(params)
  return pageMetadata(language, `/terms/${version}`, { title: heading, description: say('description') })
}

/** One version of the terms. Its address is permanent. */
export default async function TermsVersionPage({ params }: VersionParams) {
  const { language, version, heading } = await read(params)
  return (
    <SitePage language={language} path={`/terms/${version}`}>
      <Terms language={language} version={version} heading={heading} />
    </SitePage>
  )
}
