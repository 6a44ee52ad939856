import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../language.ts'
import type { Offer } from './ceremonies.ts'
import { type Words, words } from './words.ts'

/** The product's pages are shown below this path, as the phone's browser gets them. */
export const webPath = '/phone/web'

/** The language of a product's page. */
export function languageOf(path: string): Language {
  return path.startsWith('/en/') ? 'en' : 'ja'
}

/** The phone's address for one of the product's; undefined for an address elsewhere. */
export function onPhone(address: string, origin: string): string | undefined {
  if (address.startsWith('/') && !address.startsWith('//')) return webPath + address
  return address.startsWith(`${origin}/`) ? webPath + address.slice(origin.length) : undefined
}

export interface WebPage {
  readonly path: string
  readonly offer: Offer | undefined
  /** What went wrong with the last press of a button of the phone. */
  readonly problem: string | undefined
  readonly secret: string
}

/** The product's page with its links and forms leading through the phone, below a bar of the phone's. */
export function showWebPage(markup: string, origin: string, page: WebPage): string {
  const bar = phoneBar(page, words[languageOf(page.path)])
  // The phone does what the script would do, so sentences for browsers without scripts are left out.
  const shown = page.offer ? markup.replaceAll(/<noscript>[^<]*<\/noscript>/g, '') : markup
  return shown
    .replaceAll(/(\s(?:href|src|action)=")([^"]*)/g, (whole, before: string, address: string) => {
      const there = onPhone(address, origin)
      return there === undefined ? whole : before + there
    })
    .replace(/<body[^>]*>/, body => `${body}${bar}`)
}

function phoneBar({ path, offer, problem, secret }: WebPage, w: Words): Html {
  const language = languageOf(path)
  return html`<div style="${barStyle}" lang="${language}" role="region" aria-label="${w.title}">
<a href="/phone?lang=${language}" style="color:#fff">${w.backToLockScreen}</a>
${problem !== undefined && html`<p role="alert" style="margin:0;flex-basis:100%">${problem}</p>`}
${
  offer &&
  html`<form method="post" action="/phone/ceremony" style="margin:0"><input type="hidden" name="secret" value="${secret}"><input type="hidden" name="page" value="${path}">${offer.ceremony === 'answer' ? answersOf(w) : html`<button style="${buttonStyle}">${w.ceremonies[offer.ceremony]}</button>`}</form>`
}</div>`
}

/** The number and the answers that the page's script would offer. */
function answersOf(w: Words): Html {
  const button = (answer: string, text: string) =>
    html`<button name="answer" value="${answer}" style="${buttonStyle}">${text}</button> `
  return html`<label>${w.app.number} <input name="number" inputmode="numeric" autocomplete="off" style="${inputStyle}"></label>
${button('approved', w.ceremonies.answer)}${button('declined', w.app.decline)}${button('reported', w.app.report)}`
}

const inputStyle = new Html('font:inherit;width:4em;min-height:2.75rem')
const barStyle = new Html(
  'display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:center;justify-content:space-between;padding:.6rem 1rem;background:#1c2430;color:#fff;font:16px/1.6 system-ui,sans-serif',
)
const buttonStyle = new Html(
  'font:inherit;font-weight:700;min-height:2.75rem;padding:.2rem 1rem;border:2px solid #fff;border-radius:.4rem;background:#fff;color:#1c2430;cursor:pointer',
)
