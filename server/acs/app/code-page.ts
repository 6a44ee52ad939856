import { escapeHtml } from '../../escape-html.ts'
import { config } from '../../platform/config.ts'
import { words } from '../../words.ts'
import { form, htmlPage } from './html-page.ts'
import type { Shown } from './shown.ts'

/** UI type 05: a code is typed. */
export function codePage(shown: Shown): string {
  const { language, wrong, sent, trust, trustWanted, validUntil } = shown
  const say = words(language)
  const issuer = config().issuer.brand.issuer[language]
  const about = wrong ? 'notice sent hint' : 'sent hint'
  const inside = form(
    [
      `<h1><label for="code">${escapeHtml(say('challenge.code.heading'))}</label></h1>`,
      `<p id="sent">${escapeHtml(sent)}</p>`,
      `<p id="hint"><small>${escapeHtml(say('challenge.code.hint', { time: validUntil }))}</small></p>`,
      `<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" aria-describedby="${about}"${wrong ? ' aria-invalid="true"' : ''}>`,
      trust
        ? `<p class="trust"><input type="checkbox" id="trust" name="trust" value="yes"${trustWanted ? ' checked' : ''}><label for="trust">${escapeHtml(trust)}</label></p>`
        : '',
      `<button class="main" name="do" value="code">${escapeHtml(say('challenge.code.continue'))}</button>`,
      `<button class="plain" name="do" value="resend">${escapeHtml(say('challenge.code.resend'))}</button>`,
    ].join(''),
  )
  return htmlPage(shown, inside, [
    [say('challenge.help.summary'), say('app.help', { issuer })],
    [say('app.whyLabel'), say('app.why', { issuer })],
  ])
}
