import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../../language.ts'
import type { Order, Presentation, WindowSize } from '../order.ts'
import { price } from '../products.ts'
import { words } from '../words.ts'
import { layout } from './layout.ts'

/** EMV 3DS, challengeWindowSize: CSS pixels; 05 uses all available space. */
const sizes: Record<WindowSize, readonly [width: number, height: number] | undefined> = {
  '01': [250, 400],
  '02': [390, 400],
  '03': [500, 600],
  '04': [600, 400],
  '05': undefined,
}

const sandboxes: Record<Presentation, string | undefined> = {
  page: undefined,
  iframe: undefined,
  // The least that merchants must grant (EMV 3DS 2.3.1), and one that grants less.
  sandbox: 'allow-forms allow-scripts allow-same-origin allow-pointer-lock',
  strict: 'allow-forms allow-scripts',
}

/**
 * What the merchant lets the window in its frame do: use a passkey (WebAuthn) and confirm a payment. The origin must be
 * named, because the frame has no `src`: a form post opens it. The sandboxed frames are those of a merchant that grants
 * nothing.
 */
function permissions(presentation: Presentation, acsURL: string): string | undefined {
  const { origin } = new URL(acsURL)
  return presentation === 'iframe' ? `publickey-credentials-get ${origin}; payment ${origin}` : undefined
}

/** Opens the challenge by itself; with an iframe, checks every second whether the ACS has returned the browser. */
const script = `
const form = document.querySelector('#creq')
document.body.classList.add('opened')
form.submit()
const again = form.querySelector('button')
again.textContent = again.dataset.again
again.classList.add('quiet')
document.querySelector('.beside')?.after(form)
const { order, path } = document.querySelector('main > div').dataset
if (form.target) setInterval(async () => {
  const response = await fetch(order).catch(() => undefined)
  const state = response && response.ok ? await response.json() : {}
  if (state.cres || state.erro) location.replace(path)
}, 1000)
`

export interface CheckoutView {
  order: Order
  acsURL: string
  creq: string
  language: Language
  nonce: string
  inboxOrigin: string
  acsOrigin: string
}

export function checkoutPage(view: CheckoutView): Html {
  const { order, language } = view
  const w = words[language]
  const path = `/orders/${order.orderId}`
  const framed = order.presentation !== 'page'
  const main = html`<div data-order="/api${path}" data-path="${path}?lang=${language}">
<h1>${w.checkout}</h1>
<p class="summary"><span>${order.product ?? w.apiOrder}</span> <span class="price">${price(order.amount, order.currency, language)}</span></p>
<p>${w.checkoutLead}</p>
<form id="creq" method="post" action="${view.acsURL}"${framed ? new Html(' target="challenge"') : ''}>
<input type="hidden" name="creq" value="${view.creq}">
<input type="hidden" name="threeDSSessionData" value="${order.threeDSSessionData}">
<button class="button" data-again="${w.openAgain}">${w.openWindow}</button>
</form>
${
  framed &&
  html`<div class="beside"><div class="window size-${order.windowSize}">${frame(view, w.window)}</div>
<div class="arrivals"><iframe title="${w.arrivals}" src="${arrivalsOf(view)}" allow="clipboard-write"></iframe></div></div>`
}
<p><a href="${path}?lang=${language}">${w.seeOrder}</a></p>
</div>`
  return layout({ ...view, title: w.checkout, path: `${path}/checkout` }, main, script)
}

/** The demo's inbox, as the phone of the cardholder. */
function arrivalsOf({ order, language, inboxOrigin }: CheckoutView): string {
  return `${inboxOrigin}/arrivals?${new URLSearchParams({ since: order.createdAt, lang: language })}`
}

function frame({ order: { windowSize, presentation }, acsURL }: CheckoutView, title: string): Html {
  const size = sizes[windowSize]
  const sandbox = sandboxes[presentation]
  const allow = permissions(presentation, acsURL)
  return html`<iframe name="challenge" title="${title}"${size ? html` width="${size[0]}" height="${size[1]}"` : ''}${
    sandbox === undefined ? '' : html` sandbox="${sandbox}"`
  }${allow === undefined ? '' : html` allow="${allow}"`}></iframe>`
}
