import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../../language.ts'
import { curlOf } from '../curl.ts'
import { latest, type Order, type Passed, type Status, statusOf, wasCancelled } from '../order.ts'
import { price } from '../products.ts'
import { words } from '../words.ts'
import { head, layout } from './layout.ts'

const mood: Record<Status, 'good' | 'bad' | ''> = {
  authenticated: 'good',
  attempted: 'good',
  informed: 'good',
  refused: 'bad',
  unavailable: 'bad',
  error: 'bad',
  challenge: '',
  decoupled: '',
  unconfirmed: '',
}

export interface OrderView {
  order: Order
  /** The origin of the product's pages. */
  acsOrigin: string
  /** The product's address for AReqs. */
  areqURL: string
  language: Language
  nonce: string
  inboxOrigin: string
}

export function orderPage(view: OrderView): Html {
  const { order, language } = view
  const w = words[language]
  const status = statusOf(order)
  const result = wasCancelled(order) ? w.cancelled : w.result[status]
  const path = `/orders/${order.orderId}`
  const main = html`<section class="result ${mood[status]}" data-status="${status}">
<h1>${result.title}</h1>
<p>${result.text}</p>
${order.problem && html`<p class="issuer"><b>${w.problem}</b><span lang="en">${order.problem}</span></p>`}
${cardholderInfo(order).map(text => html`<p class="issuer"><b>${w.fromIssuer}</b>${text}</p>`)}
<p class="actions">
${status === 'challenge' && html`<a class="button" href="${path}/checkout?lang=${language}">${w.continueChallenge}</a>`}
${['challenge', 'unconfirmed', 'decoupled'].includes(status) && html`<a href="${path}?lang=${language}">${w.refresh}</a>`}
<a href="/?lang=${language}">${w.backToShop}</a></p>
</section>
<dl class="facts">
<dt>${w.order}</dt><dd>${order.product ?? w.apiOrder}</dd>
<dt>${w.total}</dt><dd>${price(order.amount, order.currency, language)}</dd>
<dt>${w.payingWith}</dt><dd>${order.maskedCard}</dd>
<dt>${w.orderedAt}</dt><dd>${inJapan(order.createdAt, language)}</dd>
</dl>
<section>
<h2>${w.messages}</h2><p class="hint">${w.messagesLead}</p>
<ol class="messages">${order.passed.map((passed, index) => html`<li>${message(view, passed, index)}</li>`)}</ol>
</section>`
  return layout({ ...view, title: result.title, path }, main, copyScript)
}

/** A message, with a form that sends it to the product's checker, and the command that sends it again. */
function message({ order, acsOrigin, areqURL, language }: OrderView, passed: Passed, index: number): Html {
  const { at, message, body } = passed
  const w = words[language]
  const text = JSON.stringify(body, null, 2)
  const which = html`<span class="unseen"> (${message}, ${index + 1})</span>`
  return html`<details><summary><b>${message}</b> <span>${w.route[message]} · <time datetime="${at}">${at.slice(11, 23)} UTC</time></span></summary>
<pre>${text}</pre>
<form class="tools" method="post" action="${acsOrigin}/${language}/merchants/check" target="_blank">
<input type="hidden" name="message" value="${text}"><button class="button quiet">${w.checkMessage}${which}</button></form>
<details class="curl"><summary>${w.curl}</summary>
${(message === 'AReq' || message === 'ARes') && html`<p class="tools hint">${w.curlCard}</p>`}
<pre>${curlOf(order, passed, areqURL)}</pre>
<p class="tools"><button type="button" class="button quiet" hidden data-done="${w.copied}">${w.copy}${which}</button></p></details></details>`
}

/** Without scripts, or where the browser refuses, the command can be selected. */
const copyScript = `
for (const button of document.querySelectorAll('.curl button')) if (navigator.clipboard) {
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.closest('.curl').querySelector('pre').textContent)
    button.textContent = button.dataset.done
  })
}
`

/** The issuer's text for the cardholder, which a merchant must show (EMV 3DS, cardholderInfo). */
function cardholderInfo(order: Order): string[] {
  return (
    [latest(order, 'ARes'), latest(order, 'RReq')]
      .map(message => message?.cardholderInfo)
      // 2.3.1 permits pictures beside the text.
      .map(info => (typeof info === 'object' && info !== null && 'text' in info ? info.text : info))
      .filter(text => typeof text === 'string')
  )
}

const script = `window.top.location.replace(document.querySelector('a').href)`

/**
 * The page to which the ACS's last form leads, still inside the iframe: it leads out of it. A sandbox prevents that;
 * there the shop's surrounding page sees the result and moves on.
 */
export function returnedPage({
  order,
  language,
  nonce,
}: Omit<OrderView, 'inboxOrigin' | 'acsOrigin' | 'areqURL'>): Html {
  const w = words[language]
  const status = statusOf(order)
  const sandboxed = order.presentation === 'sandbox' || order.presentation === 'strict'
  return html`${head(language, w.windowClosed, nonce)}
<body class="bare"><main>
<h1>${w.windowClosed}</h1>
<p data-status="${status}"><b>${w.result[status].title}</b></p>
${
  sandboxed
    ? html`<p>${w.windowClosedInSandbox}</p></main>`
    : html`<p>${w.windowClosedText}</p>
<p><a href="/orders/${order.orderId}?lang=${language}" target="_top">${w.seeOrder}</a></p>
</main><script nonce="${nonce}">${new Html(script)}</script>`
}</body>
</html>`
}

function inJapan(iso: string, language: Language): string {
  const text = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(new Date(iso))
  return language === 'ja' ? `${text}（日本時間）` : `${text} JST`
}
