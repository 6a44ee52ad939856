import { config } from '#server/platform/config.ts'

export const dynamic = 'force-dynamic'

/** The issuer's colours from the configuration, so that no page needs an inline style. */
export function GET(): Response {
  const { accent, accentDark } = config().issuer.brand
  const css = `:root{--accent:${accent}}@media (prefers-color-scheme:dark){:root{--accent:${accentDark}}}`
  return new Response(css, {
    headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' },
  })
}
