import { config } from '../../platform/config.ts'
import { Html, html } from '../../platform/html.ts'
import { words } from '../../platform/words.ts'
import { form, htmlPage } from './html-page.ts'
import type { Shown } from './shown.ts'

/** UI type 05: the cardholder enters a code. */
export function codePage(shown: Shown): string {
  const { language, wrong, sent, trust, trustWanted, validUntil } = shown
  const say = words(language)
  const issuer = config().issuer.brand.issuer[language]
  const about = wrong ? 'notice sent hint' : 'sent hint'
  const invalid = new Html(wrong ? ' aria-invalid="true"' : '')
  const checked = new Html(trustWanted ? ' checked' : '')
  const inside = form(html`<h1><label for="code">${say('challenge.code.heading')}</label></h1>
<p id="sent">${sent}</p>
<p id="hint"><small>${say('challenge.code.hint', { time: validUntil })}</small></p>
<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" aria-describedby="${about}"${invalid}>
${
  trust &&
  html`<p class="trust"><input type="checkbox" id="trust" name="trust" value="yes"${checked}><label for="trust">${trust}</label></p>`
}
<button class="main" name="do" value="code">${say('challenge.code.continue')}</button>
<button class="plain" name="do" value="resend">${say('challenge.code.resend')}</button>`)
  return htmlPage(shown, inside, [
    [say('challenge.help.summary'), say('app.help', { issuer })],
    [say('app.whyLabel'), say('app.why', { issuer })],
  ])
}
