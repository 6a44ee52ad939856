import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { hasLocale } from 'next-intl'
import { getTranslations, setRequestLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import '../styles/site.css'
import { routing } from '#messages/routing.ts'
import { config } from '#server/platform/config.ts'
import { DemoBanner } from '../demo-banner.tsx'

interface LocaleParams {
  readonly params: Promise<{ readonly locale: string }>
}

/** Nothing is rendered at build: the brand comes from the configuration of the process that serves the page. */
export function generateStaticParams() {
  return []
}

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const { locale } = await params
  if (!hasLocale(routing.locales, locale)) notFound()
  const say = await getTranslations({ locale, namespace: 'site' })
  const { service } = config().issuer.brand
  return {
    title: say('title', { service }),
    description: say('description', { service }),
    icons: config().issuer.brand.mark,
  }
}

export default async function SiteLayout({ params, children }: LocaleParams & { children: ReactNode }) {
  const { locale } = await params
  if (!hasLocale(routing.locales, locale)) notFound()
  setRequestLocale(locale)
  return (
    <html lang={locale}>
      <head>
        <link rel="stylesheet" href="/brand.css" precedence="brand" />
      </head>
      <body>
        <DemoBanner language={locale} />
        {children}
      </body>
    </html>
  )
}
