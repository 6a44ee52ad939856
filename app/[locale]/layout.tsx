import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import '../styles/site.css'
import { config } from '#server/platform/config.ts'
import { DemoBanner, DemoLinks } from '../demo-banner.tsx'
import { type LocaleParams, languageOfPage } from './shell/languages.ts'

/** Nothing is rendered at build time, because the brand is in the configuration of the process that serves the page. */
export function generateStaticParams() {
  return []
}

export function generateMetadata(): Metadata {
  return {
    icons: config().issuer.brand.mark,
    formatDetection: { telephone: false, email: false, address: false },
  }
}

export default async function SiteLayout({ params, children }: LocaleParams & { children: ReactNode }) {
  const language = await languageOfPage(params)
  return (
    <html lang={language}>
      <head>
        <link rel="stylesheet" href="/brand.css" precedence="brand" />
      </head>
      <body>
        <DemoBanner language={language} />
        {children}
        <DemoLinks language={language} />
      </body>
    </html>
  )
}
