import { termsVersions } from '#domain/terms/versions.ts'
import { routing } from '#messages/routing.ts'
import { config } from '#server/platform/config.ts'
import { publicPages } from '../[locale]/shell/pages.ts'

export const dynamic = 'force-dynamic'

/** Every public page in both languages, each with its alternate. */
export function GET(): Response {
  const { publicOrigin } = config()
  const paths = [
    ...publicPages.map(({ path }) => path),
    '/merchants/check',
    ...termsVersions.map(version => `/terms/${version}`),
  ]
  const alternates = (path: string) =>
    [...routing.locales, 'x-default']
      .map(tag => {
        const address = tag === 'x-default' ? path || '/' : `/${tag}${path}`
        return `<xhtml:link rel="alternate" hreflang="${tag}" href="${publicOrigin}${address}"/>`
      })
      .join('')
  const urls = paths.flatMap(path =>
    routing.locales.map(tag => `<url><loc>${publicOrigin}/${tag}${path}</loc>${alternates(path)}</url>`),
  )
  const open = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${open}\n${urls.join('\n')}\n</urlset>\n`, {
    headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'public, max-age=300' },
  })
}
