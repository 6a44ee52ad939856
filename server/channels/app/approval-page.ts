import { html } from '../../platform/html.ts'
import { words } from '../../platform/words.ts'
import { form, htmlPage } from './html-page.ts'
import type { OutOfBand } from './out-of-band.ts'
import type { Shown } from './shown.ts'

/** UI type 06 (2.3.1): the cardholder answers out of band. `codes`: a code can be sent instead. */
export function approvalPage(shown: Shown, place: OutOfBand, codes: boolean): string {
  const say = words(shown.language)
  const button = (kind: string, does: string, text: string) =>
    html`<button class="${kind}" name="do" value="${does}">${text}</button>`
  const inside = html`<h1>${place.heading}</h1>
<p>${place.ask}</p>
${form(
  html`${button('main', 'continue', say('app.answered'))}${codes && button('plain', 'other', say('challenge.approval.codes'))}`,
)}`
  return htmlPage(shown, inside, [
    [place.helpLabel, place.help],
    [say('app.whyLabel'), place.why],
  ])
}
