import { hasLocale } from 'next-intl'
import { routing } from '#messages/routing.ts'
import { registersBrowsers } from '#server/account/register-device.ts'
import { approvePath } from '#server/approval/push-payload.ts'
import { config } from '#server/platform/config.ts'

export const dynamic = 'force-dynamic'

interface Params {
  readonly params: Promise<{ readonly locale: string }>
}

/** The manifest of the web app of an approval device (W3C Web Application Manifest). */
export async function GET(_request: Request, { params }: Params): Promise<Response> {
  const { locale } = await params
  if (!hasLocale(routing.locales, locale) || !registersBrowsers()) return new Response('', { status: 404 })
  const { app, service, accent } = config().issuer.brand
  const icon = (size: number) => ({ src: `/app-icon/${size}.png`, sizes: `${size}x${size}`, type: 'image/png' })
  const manifest = {
    id: approvePath(locale),
    name: service,
    short_name: app,
    lang: locale,
    start_url: approvePath(locale),
    scope: `/${locale}/account/`,
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: accent,
    icons: [icon(192), icon(512)],
  }
  return Response.json(manifest, {
    headers: { 'content-type': 'application/manifest+json', 'cache-control': 'public, max-age=300' },
  })
}
