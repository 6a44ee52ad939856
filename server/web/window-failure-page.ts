import type { MerchantPost } from '../challenge/view.ts'
import { demoMode } from '../platform/demo-mode.ts'
import { type Html, html } from '../platform/html.ts'
import { words } from '../platform/words.ts'

/**
 * The window's page for a CReq that opens nothing, or while the window cannot be shown: in both languages and without a
 * reason. React does not render where it is needed. With `post` it leads back to the merchant. `reference`: the number
 * under which the log has an error.
 */
export function windowFailurePage(nonce: string, post?: MerchantPost, reference?: string): string {
  const title = (language: 'ja' | 'en') => words(language)('challenge.error.title')
  const section = (language: 'ja' | 'en', heading: Html) => html`<section lang="${language}">${heading}
<p>${words(language)('challenge.error.text')}</p>
<p>${words(language)('challenge.error.help')}</p>
${reference !== undefined && html`<p>${words(language)('challenge.error.reference', { reference })}</p>`}</section>`
  const banner = html`<aside class="demo-banner">${words('ja')('demo.short')} ${words('en')('demo.short')}</aside>`
  return String(html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${title('ja')} / ${title('en')}</title><link rel="stylesheet" href="/plain.css"></head>
<body>${demoMode() && banner}
<main>${section('ja', html`<h1>${title('ja')}</h1>`)}
${section('en', html`<h2>${title('en')}</h2>`)}
${post && returnForm(post, nonce)}</main>
</body></html>`)
}

/** The script stands ahead of the button, so that no press is earlier than the script. */
function returnForm({ notificationURL, fields }: MerchantPost, nonce: string): Html {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const label = (['ja', 'en'] as const).map(language => words(language)('challenge.error.return')).join(' / ')
  return html`<script src="/return.js" nonce="${nonce}"></script>
<form id="return" method="post" action="${notificationURL}" data-wait="8000">${inputs}
<button type="submit">${label}</button></form>`
}
