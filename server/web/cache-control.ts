import type { ServerResponse } from 'node:http'

/**
 * How long caches between us and a reader may keep an answer. Public pages: a minute in a browser, ten minutes in a
 * shared cache, and a day while we do not answer, so that a CDN or nginx can serve them without us. Answers that
 * Next.js does not mark as static, and those without status 200, are not cached.
 */
export function cacheControl(path: string, response: ServerResponse): string {
  const set = String(response.getHeader('cache-control') ?? '')
  // The terms are rendered per request and are the same for everybody.
  const isStatic = /\b(s-maxage|public)\b/.test(set) || /^\/(ja|en)\/terms(\/|$)/.test(path)
  if (response.statusCode === 304) return set
  if (response.statusCode !== 200) return 'no-store'
  // Their names contain a hash of their content.
  if (path.startsWith('/_next/static/')) return 'public, max-age=31536000, immutable'
  // The status page reads the database, so it is cached for a few seconds, however many visitors there are.
  if (/^\/(ja|en)\/status$/.test(path)) return 'public, max-age=5'
  if (!isStatic) return 'no-store'
  return 'public, max-age=60, s-maxage=600, stale-while-revalidate=600, stale-if-error=86400'
}
