import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { routing } from '#messages/routing.ts'
import { config } from '#server/platform/config.ts'
import { pathHeader } from '#server/platform/csp.ts'
import { SitePage } from './[locale]/shell/site-page.tsx'
import './styles/site.css'

/** The language in the address; undefined if it has none. */
async function languageOfAddress(): Promise<Language | undefined> {
  const [, first] = ((await headers()).get(pathHeader) ?? '').split('/')
  return routing.locales.find(each => each === first)
}

export async function generateMetadata(): Promise<Metadata> {
  const language = await languageOfAddress()
  if (!language) return { title: '404' }
  const say = await getTranslations({ locale: language, namespace: 'site.notFound' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/**
 * The page for unknown addresses: within the frame of the site, in the language of the address; in both languages if
 * the address has none.
 */
export default async function NotFound() {
  const language = await languageOfAddress()
  return (
    <html lang={language ?? 'ja'}>
      <head>
        <link rel="stylesheet" href="/brand.css" precedence="brand" />
      </head>
      <body>
        {language ? (
          <SitePage language={language} path="">
            <Missing language={language} first />
          </SitePage>
        ) : (
          <main className="measure flex flex-col gap-8 py-8">
            {routing.locales.map((each, index) => (
              <Missing key={each} language={each} first={index === 0} />
            ))}
          </main>
        )}
      </body>
    </html>
  )
}

async function Missing({ language, first }: { language: Language; first: boolean }) {
  const say = await getTranslations({ locale: language, namespace: 'site.notFound' })
  const Heading = first ? 'h1' : 'h2'
  return (
    <section lang={language} className="flex flex-col items-start gap-3">
      <Heading>{say('title')}</Heading>
      <p>{say('text')}</p>
      <p className="flex flex-wrap gap-x-6">
        <a href={`/${language}`} className="text-link">
          {say('home')}
        </a>
        <a href={`/${language}/help`} className="text-link">
          {say('help')}
        </a>
      </p>
    </section>
  )
}
