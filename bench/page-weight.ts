import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { findChromium } from '../e2e/chromium.ts'

/** Bytes of one kind of file: uncompressed, and gzipped as a proxy would send them. */
export interface Weight {
  readonly files: number
  readonly raw: number
  readonly gzip: number
}

const kinds = { document: 'html', stylesheet: 'css', script: 'javascript', image: 'images' } as const
export type Kind = (typeof kinds)[keyof typeof kinds]

/** What a browser really loads for a page: a script that the content security policy blocks is not loaded. */
export async function weighPage(address: string): Promise<Record<Kind, Weight>> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No browser found: install chromium, or name one in CHROMIUM_PATH')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    const loaded: Promise<{ kind: Kind; body: Buffer }>[] = []
    page.on('response', response => {
      const kind = kinds[response.request().resourceType() as keyof typeof kinds]
      if (kind) loaded.push(response.body().then(body => ({ kind, body })))
    })
    await page.goto(address, { waitUntil: 'networkidle' })
    const files = await Promise.all(loaded)
    const weigh = (kind: Kind) => weightOf(files.filter(file => file.kind === kind).map(({ body }) => body))
    return { html: weigh('html'), css: weigh('css'), javascript: weigh('javascript'), images: weigh('images') }
  } finally {
    await browser.close()
  }
}

function weightOf(bodies: readonly Buffer[]): Weight {
  const sum = (size: (body: Buffer) => number) => bodies.reduce((total, body) => total + size(body), 0)
  return { files: bodies.length, raw: sum(body => body.length), gzip: sum(body => gzipSync(body).length) }
}
