import { config } from '#server/platform/config.ts'

export const dynamic = 'force-dynamic'

/** Allows public pages, and disallows pages about one person or one purchase. */
export function GET(): Response {
  const closed = ['/acs/', '/api/', '/ja/account', '/en/account', '/ja/picture/', '/en/picture/']
  const lines = [
    'User-agent: *',
    ...closed.map(path => `Disallow: ${path}`),
    `Sitemap: ${config().publicOrigin}/sitemap.xml`,
  ]
  return new Response(`${lines.join('\n')}\n`, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=300' },
  })
}
