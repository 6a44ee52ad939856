import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../../language.ts'
import { messageVersions } from '../areq.ts'
import { cards } from '../cards.ts'
import { presentations, whereabouts, windowSizes } from '../order.ts'
import { price, products } from '../products.ts'
import { words } from '../words.ts'
import { layout } from './layout.ts'

/** Tells the shop what only a script can find out about the browser; without it the fields stay empty. */
const script = `
const form = document.querySelector('form')
form.elements.javaEnabled.value = String(navigator.javaEnabled())
form.elements.colorDepth.value = String(screen.colorDepth)
form.elements.screenHeight.value = String(screen.height)
form.elements.screenWidth.value = String(screen.width)
form.elements.timeZone.value = String(new Date().getTimezoneOffset())

/* The 3DS Method: the ACS sees the browser in a hidden frame, for five seconds at most, and the purchase goes on. */
const method = async () => {
  const { threeDSServerTransID, threeDSMethodURL, threeDSMethodData } = await (await fetch('/api/method', { method: 'POST' })).json()
  form.elements.threeDSServerTransID.value = threeDSServerTransID
  const frame = document.createElement('iframe')
  Object.assign(frame, { name: 'method', hidden: true, title: '3DS Method' })
  const post = document.createElement('form')
  Object.assign(post, { method: 'post', action: threeDSMethodURL, target: 'method', hidden: true })
  const data = document.createElement('input')
  Object.assign(data, { name: 'threeDSMethodData', value: threeDSMethodData })
  post.append(data)
  document.body.append(frame, post)
  await new Promise(done => {
    addEventListener('message', event => event.source === frame.contentWindow && event.data === 'method-done' && done())
    setTimeout(done, 5000)
    post.submit()
  })
}
let paying = false
form.addEventListener('submit', event => {
  event.preventDefault()
  if (paying) return
  paying = true
  method().catch(() => {}).then(() => form.submit())
})
/* The customer comes back with the browser's own button. */
addEventListener('pageshow', () => { paying = false })
`

export const scriptedFields = ['javaEnabled', 'colorDepth', 'screenHeight', 'screenWidth', 'timeZone'] as const

const challengeInds = ['01', '02', '03', '04', '08', '09'] as const

export function frontPage(view: { language: Language; nonce: string; inboxOrigin: string; acsOrigin: string }): Html {
  const { language } = view
  const w = words[language]
  const main = html`<form method="post" action="/checkout">
<input type="hidden" name="lang" value="${language}">
<input type="hidden" name="threeDSServerTransID" value="">
${scriptedFields.map(name => html`<input type="hidden" name="${name}" value="">`)}
<h1>${w.welcome}</h1>
<fieldset><legend>${w.product}</legend><div class="products">
${products.map(
  (
    product,
    i,
  ) => html`<label class="product"><input type="radio" name="product" value="${product.id}" required${checked(i === 0)}>
${product.picture}<span class="about"><b>${product.name[language]}</b><small>${product.note[language]}</small><small class="expect">${product.expect[language]}</small>
<span class="price">${price(product.amount, product.currency, language)}</span></span></label>`,
)}
</div></fieldset>
<fieldset><legend>${w.card}</legend><p class="hint">${w.expiry}</p><div class="cards">
${cards.map(
  (
    card,
    i,
  ) => html`<label class="card"><input type="radio" name="card" value="${card.number}" required${checked(i === 0)}>
<span><b>${card.label[language].holder}</b><span class="number">${spaced(card.number)}</span><small>${card.label[language].expect}</small></span></label>`,
)}
</div></fieldset>
<fieldset><legend>${w.settings}</legend><p class="hint">${w.settingsHelp}</p><div class="settings">
${choice('cardholder', w.cardholder, whereabouts, w.whereabouts, 'here')}
${choice('challengeInd', w.challengeInd, challengeInds, w.challengeInds, '01')}
${choice('presentation', w.presentation, presentations, w.presentations, 'iframe')}
${choice('windowSize', w.windowSize, windowSizes, w.windowSizes, '02')}
${choice('messageVersion', w.messageVersion, messageVersions, { '2.2.0': '2.2.0', '2.3.1': '2.3.1', '2.1.0': '2.1.0' }, '2.2.0')}
</div></fieldset>
<button class="button pay">${w.pay}</button>
</form>`
  return layout({ ...view, title: w.shop, path: '/' }, main, script)
}

function choice<Value extends string>(
  name: string,
  label: string,
  values: readonly Value[],
  labels: Record<Value, string>,
  preset: Value,
): Html {
  return html`<label>${label}<select name="${name}">${values.map(
    value => html`<option value="${value}"${value === preset ? new Html(' selected') : ''}>${labels[value]}</option>`,
  )}</select></label>`
}

const checked = (yes: boolean): Html => new Html(yes ? ' checked' : '')

/** 3782 822463 10005; sixteen digits in groups of four. */
function spaced(number: string): string {
  return number.length === 15 ? number.replace(/(.{4})(.{6})/, '$1 $2 ') : number.replace(/(.{4})(?=.)/g, '$1 ')
}
