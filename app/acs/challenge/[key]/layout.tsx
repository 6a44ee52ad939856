import type { ReactNode } from 'react'
import '../../../styles/window.css'
import { config } from '#server/platform/config.ts'
import { DemoBanner } from '../../../demo-banner.tsx'
import { getWindow, type WindowParams } from './window.ts'

/**
 * The root layout of the challenge window. It reads the language from the challenge, because the address does not
 * contain it.
 */
export default async function WindowLayout({ params, children }: WindowParams & { children: ReactNode }) {
  const { key } = await params
  const window = await getWindow(key)
  const language = window.kind === 'unknown' ? 'ja' : window.language
  return (
    <html lang={language}>
      <head>
        <meta name="robots" content="noindex" />
        <meta name="format-detection" content="telephone=no,email=no,address=no" />
        <link rel="icon" href={config().issuer.brand.mark} />
        <link rel="stylesheet" href="/brand.css" precedence="brand" />
      </head>
      <body>
        <DemoBanner language={language} short />
        {children}
      </body>
    </html>
  )
}
