import { readFile } from 'node:fs/promises'
import { ImageResponse } from 'next/og'
import { hasLocale } from 'next-intl'
import { routing } from '#messages/routing.ts'
import { config } from '#server/platform/config.ts'
import { sayOf } from '../../(site)/said.tsx'
import { publicPages } from '../../shell/pages.ts'

/**
 * Rendered at the first request and cached by Next.js, like every public page, because the brand is in the
 * configuration.
 */
export const dynamic = 'force-static'

export function generateStaticParams() {
  return []
}

const size = { width: 1200, height: 630 }

interface ImageParams {
  readonly params: Promise<{ readonly locale: string; readonly page: string }>
}

/**
 * The preview image of a page (`PAGE.png`), which other sites show with a link: the page's name, the service and its
 * issuer.
 */
export async function GET(_request: Request, { params }: ImageParams): Promise<Response> {
  const { locale, page } = await params
  const known = publicPages.find(({ name }) => `${name}.png` === page)
  if (!known || !hasLocale(routing.locales, locale)) return new Response('', { status: 404 })
  const { brand } = config().issuer
  const say = await sayOf(locale, known.name)
  const words = known.name === 'home' ? say('heading') : say('title')
  const mark = await readFile(`public${brand.mark}`)
  const style = { width: '100%', height: '100%', display: 'flex', flexDirection: 'column', padding: 80 } as const
  return new ImageResponse(
    <div style={{ ...style, background: '#ffffff', color: '#16211f', borderTop: `24px solid ${brand.accent}` }}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 32, fontSize: 48 }}>
        <img src={`data:image/svg+xml;base64,${mark.toString('base64')}`} alt="" width={112} height={112} />
        {brand.service}
      </div>
      <div style={{ display: 'flex', flex: 1, alignItems: 'center', fontSize: 76, lineHeight: 1.35 }}>{words}</div>
      <div style={{ display: 'flex', fontSize: 34, color: '#46534f' }}>{brand.issuer[locale]}</div>
    </div>,
    { ...size, fonts: await fonts() },
  )
}

/** Only for the image: no page loads a font. */
async function fonts() {
  const file = (name: string) => readFile(`app/fonts/noto-sans-jp-${name}-700-normal.woff`)
  const [latin, japanese] = await Promise.all([file('latin'), file('japanese')])
  return [
    { name: 'Latin', data: latin },
    { name: 'Japanese', data: japanese },
  ]
}
