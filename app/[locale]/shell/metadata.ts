import type { Metadata } from 'next'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '#server/platform/config.ts'
import { otherLanguage } from './languages.ts'
import { publicPages } from './pages.ts'

/** The metadata of a public page for search engines and link previews. `path` is its address after the language. */
export function pageMetadata(
  language: Language,
  path: string,
  { title, description }: { title: string; description: string },
): Metadata {
  const { publicOrigin, issuer } = config()
  const { service } = issuer.brand
  const locales = { ja: 'ja_JP', en: 'en_US' }
  const address = (prefix: string) => `${publicOrigin}${prefix}${path}`
  const pictured = publicPages.find(page => page.path !== '' && path.startsWith(page.path))?.name ?? 'home'
  return {
    title: path === '' ? title : `${title} | ${service}`,
    description,
    alternates: {
      canonical: address(`/${language}`),
      // The address without a language redirects by the browser's preference.
      languages: {
        ja: address('/ja'),
        en: address('/en'),
        'x-default': path === '' ? `${publicOrigin}/` : address(''),
      },
    },
    openGraph: {
      type: 'website',
      url: address(`/${language}`),
      siteName: service,
      title,
      description,
      images: { url: `${publicOrigin}/${language}/og/${pictured}.png`, width: 1200, height: 630, alt: title },
      locale: locales[language],
      alternateLocale: locales[otherLanguage(language)],
    },
    twitter: { card: 'summary_large_image' },
  }
}
