import { readFile } from 'node:fs/promises'
import { ImageResponse } from 'next/og'
import { config } from '#server/platform/config.ts'

/** Rendered at the first request and cached by Next.js, because the brand is in the configuration. */
export const dynamic = 'force-static'

export function generateStaticParams() {
  return []
}

/** The brand's mark as `SIZE.png`, for home screens: 180 for Apple's, 192 and 512 for the manifest. */
const sizes: ReadonlyMap<string, number> = new Map([180, 192, 512].map(size => [`${size}.png`, size]))

interface Params {
  readonly params: Promise<{ readonly file: string }>
}

export async function GET(_request: Request, { params }: Params): Promise<Response> {
  const size = sizes.get((await params).file)
  if (size === undefined) return new Response('', { status: 404 })
  const mark = await readFile(`public${config().issuer.brand.mark}`)
  const [source, inner] = [`data:image/svg+xml;base64,${mark.toString('base64')}`, Math.round(size * 0.7)]
  const style = { width: '100%', height: '100%', display: 'flex', background: '#ffffff' } as const
  return new ImageResponse(
    <div style={{ ...style, alignItems: 'center', justifyContent: 'center' }}>
      <img src={source} alt="" width={inner} height={inner} />
    </div>,
    { width: size, height: size },
  )
}
