import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import './styles/site.css'

export const metadata: Metadata = { title: '404' }

/** The page for unknown addresses, in both languages, because the address does not say which. */
export default async function NotFound() {
  const languages = ['ja', 'en'] as const
  const say = {
    ja: await getTranslations({ locale: 'ja', namespace: 'site.notFound' }),
    en: await getTranslations({ locale: 'en', namespace: 'site.notFound' }),
  }
  return (
    <html lang="ja">
      <head>
        <link rel="stylesheet" href="/brand.css" precedence="brand" />
      </head>
      <body>
        <main className="mx-auto flex max-w-[34rem] flex-col gap-8 p-6">
          {languages.map((language, index) => (
            <section key={language} lang={language}>
              {index === 0 ? (
                <h1 className="text-2xl font-bold">{say[language]('title')}</h1>
              ) : (
                <h2 className="text-2xl font-bold">{say[language]('title')}</h2>
              )}
              <p>{say[language]('text')}</p>
              <p className="flex gap-6">
                <a href={`/${language}`} className="underline">
                  {say[language]('home')}
                </a>
                <a href={`/${language}/help`} className="underline">
                  {say[language]('help')}
                </a>
              </p>
            </section>
          ))}
        </main>
      </body>
    </html>
  )
}
