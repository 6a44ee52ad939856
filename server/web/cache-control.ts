import type { ServerResponse } from 'node:http'

/**
 * How long a cache between us and a reader may keep an answer. Public pages: a minute in a browser, ten in a shared
 * cache, and for a day when we do not answer, so that a CDN or nginx serves them without us. What Next.js does not call
 * static, and what is no plain 200, is not cached.
 */
export function cacheControl(path: string, response: ServerResponse): string {
  const set = String(response.getHeader('cache-control') ?? '')
  const isStatic = /\b(s-maxage|public)\b/.test(set)
  if (response.statusCode === 304) return set
  if (response.statusCode !== 200) return 'no-store'
  // Named by their content: another content has another name.
  if (path.startsWith('/_next/static/')) return 'public, max-age=31536000, immutable'
  // How things stand now is asked of the database: at most once in a few seconds, however many ask.
  if (/^\/(ja|en)\/status$/.test(path)) return 'public, max-age=5'
  if (!isStatic) return 'no-store'
  return 'public, max-age=60, s-maxage=600, stale-while-revalidate=600, stale-if-error=86400'
}
