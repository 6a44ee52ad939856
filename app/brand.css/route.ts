import { brandStyle } from '#server/platform/brand-style.ts'

export const dynamic = 'force-dynamic'

/** The issuer's colours as a file, so that no public page needs an inline style. */
export function GET(): Response {
  return new Response(brandStyle(), {
    headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' },
  })
}
