import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import type { FrameLocator, Page } from '@playwright/test'
import type { Form } from '../demo/phone/forms.ts'
import type { Message } from './shop.ts'
import { decode } from './visitor.ts'
import type { Language } from './window.ts'

// The circumstances of docs/window.md: where a merchant opens the window, and what happens to it there.

/** `kind`: what changes for the window. A sandbox without `allow-same-origin` gives it an opaque origin. */
interface PlaceOfWindow {
  readonly kind: 'page' | 'frame' | 'opaque'
  /** How many iframes are around the window; all but the innermost are of other sites. */
  readonly depth: number
  readonly sandbox?: string
}

export const places = {
  page: { kind: 'page', depth: 0 },
  'web view': { kind: 'page', depth: 0 },
  iframe: { kind: 'frame', depth: 1 },
  modal: { kind: 'frame', depth: 1 },
  'three deep': { kind: 'frame', depth: 3 },
  // Neither may navigate the top, or open pop-ups or modals.
  sandbox: { kind: 'frame', depth: 1, sandbox: 'allow-forms allow-scripts allow-same-origin' },
  strict: { kind: 'opaque', depth: 1, sandbox: 'allow-forms allow-scripts' },
  'strict, three deep': { kind: 'opaque', depth: 3, sandbox: 'allow-forms allow-scripts' },
} as const satisfies Record<string, PlaceOfWindow>

/** A web view of Android. */
export const webViewAgent =
  'Mozilla/5.0 (Linux; Android 15; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36'

export interface Row {
  readonly place: keyof typeof places
  /** `half way`: scripts run on the first page, and do not load after it. */
  readonly scripts: 'on' | 'off' | 'half way'
  readonly interruption: 'reload' | 'back' | 'two windows' | 'slow' | 'discarded' | 'release'
  readonly language: Language
  /** The browser blocks all cookies and storage. */
  readonly storage?: 'blocked'
  /** The merchant's pages have this policy. */
  readonly referrer?: 'no-referrer'
  readonly by?: 'keyboard'
}

export const rows: readonly Row[] = [
  { place: 'page', scripts: 'on', interruption: 'reload', language: 'ja', storage: 'blocked', by: 'keyboard' },
  { place: 'page', scripts: 'off', interruption: 'back', language: 'en', referrer: 'no-referrer' },
  { place: 'page', scripts: 'half way', interruption: 'two windows', language: 'ja' },
  { place: 'web view', scripts: 'on', interruption: 'slow', language: 'en' },
  { place: 'web view', scripts: 'off', interruption: 'discarded', language: 'ja' },
  { place: 'web view', scripts: 'half way', interruption: 'release', language: 'en' },
  { place: 'iframe', scripts: 'off', interruption: 'reload', language: 'en', by: 'keyboard' },
  { place: 'sandbox', scripts: 'half way', interruption: 'back', language: 'ja' },
  { place: 'modal', scripts: 'on', interruption: 'two windows', language: 'en', by: 'keyboard' },
  { place: 'three deep', scripts: 'off', interruption: 'slow', language: 'ja', referrer: 'no-referrer' },
  { place: 'iframe', scripts: 'half way', interruption: 'discarded', language: 'en', storage: 'blocked' },
  { place: 'sandbox', scripts: 'on', interruption: 'release', language: 'ja', referrer: 'no-referrer' },
  { place: 'strict', scripts: 'half way', interruption: 'reload', language: 'ja' },
  { place: 'strict, three deep', scripts: 'on', interruption: 'back', language: 'en', referrer: 'no-referrer' },
  { place: 'strict', scripts: 'off', interruption: 'two windows', language: 'ja', by: 'keyboard' },
  { place: 'strict, three deep', scripts: 'half way', interruption: 'slow', language: 'en' },
  { place: 'strict', scripts: 'on', interruption: 'discarded', language: 'en', by: 'keyboard' },
  { place: 'strict, three deep', scripts: 'off', interruption: 'release', language: 'ja' },
]

/** Where the merchant's page is told of the result. */
export const notificationPath = '/back'

/** A merchant whose page opens the window in the place of a row, at a click, so that scripts may be off. */
export class Merchant {
  /** Every CRes that was posted to the notification address. */
  readonly received: Message[] = []
  readonly #row: Row
  readonly #checkout: Form
  /** The merchant's own page, and those of its service providers within it, from the outermost. */
  readonly #addresses: readonly string[]

  /** `checkout`: the form with the CReq. `origin`: of the merchant's page; the pages within it have other names. */
  constructor(row: Row, checkout: Form, origin: string) {
    this.#row = row
    this.#checkout = checkout
    const { port } = new URL(origin)
    const inner = ['psp', 'processor'].slice(0, Math.max(0, places[row.place].depth - 1))
    this.#addresses = [origin, ...inner.map(name => `http://${name}.localhost:${port}`)].map(at => `${at}/pay`)
  }

  /** Serves the merchant's pages while `use` runs. Browsers let a frame open our window only from a real server here. */
  async serve(use: (merchant: this) => Promise<void>): Promise<void> {
    const { referrer } = this.#row
    const server = createServer(async (request, response) => {
      if (referrer) response.setHeader('referrer-policy', referrer)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      const level = this.#addresses.indexOf(`http://${request.headers.host}${request.url}`)
      if (level >= 0) return response.end(this.#page(level))
      if (request.url !== notificationPath) return response.writeHead(404).end()
      const fields = new URLSearchParams(await text(request))
      this.received.push(decode(fields.get('cres') ?? ''))
      return response.end('<!doctype html><title>Shop</title><h1>Back at the shop</h1>')
    })
    const port = Number(new URL(this.#addresses[0] ?? '').port)
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, 'localhost', resolve))
    await use(this)
    server.close()
    server.closeAllConnections()
  }

  /** Opens the merchant's page, and on it the window. */
  async open(page: Page): Promise<void> {
    const [outermost = ''] = this.#addresses
    // An app hands its web view a form instead of a page, and so posts without an origin.
    if (this.#row.place === 'web view') await page.setContent(this.#form())
    else await page.goto(outermost)
    await this.openWindow(page)
  }

  /** Opens the window on the merchant's page. */
  async openWindow(page: Page): Promise<void> {
    await within(page, this.#addresses.length - 1)
      .getByRole('button', { name: 'Open the window' })
      .click()
  }

  windowIn(page: Page): Page | FrameLocator {
    return within(page, places[this.#row.place].depth)
  }

  #page(level: number): string {
    const next = this.#addresses[level + 1]
    const { sandbox = undefined, depth } = places[this.#row.place] as PlaceOfWindow
    const attributes = sandbox && level === 0 ? ` sandbox="${sandbox}"` : ''
    const frame = (more: string) => `<iframe width="500" height="600" title="Payment"${attributes}${more}></iframe>`
    const inside = next ? frame(` src="${next}"`) : `${this.#form()}${depth > 0 ? frame(' name="window"') : ''}`
    const body = this.#row.place === 'modal' ? modalAround(inside) : inside
    return `<!doctype html><html lang="en"><title>Pay</title><body>${body}</body></html>`
  }

  #form(): string {
    const { action, fields } = this.#checkout
    const target = places[this.#row.place].depth > 0 ? ' target="window"' : ''
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    )
    return `<form method="post" action="${action}"${target}>${inputs.join('')}<button>Open the window</button></form>`
  }
}

function within(page: Page, depth: number): Page | FrameLocator {
  let root: Page | FrameLocator = page
  for (let level = 0; level < depth; level++) root = root.frameLocator('iframe')
  return root
}

/** A modal dialog as popular libraries make it: the focus cannot leave it, and they do not know of frames. */
function modalAround(inside: string): string {
  return `<a href="#elsewhere">Elsewhere</a>
<div role="dialog" aria-modal="true" aria-label="Payment"><button>Close</button>${inside}<button>Help</button></div>
<script>
const dialog = document.querySelector('[role=dialog]')
const own = () => [...dialog.querySelectorAll('a, button, input:not([type=hidden])')]
document.addEventListener('focusin', event => dialog.contains(event.target) || own()[0].focus())
addEventListener('blur', () => dialog.contains(document.activeElement) || own()[0].focus())
document.addEventListener('keydown', event => {
  if (event.key !== 'Tab') return
  const [first, last] = [own()[0], own().at(-1)]
  const turn = event.shiftKey ? [first, last] : [last, first]
  if (document.activeElement !== turn[0]) return
  event.preventDefault()
  turn[1].focus()
})
</script>`
}
