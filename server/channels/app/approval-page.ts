import { accountAddress } from '../../challenge/account-address.ts'
import { config } from '../../platform/config.ts'
import { html } from '../../platform/html.ts'
import { words } from '../../platform/words.ts'
import { form, htmlPage } from './html-page.ts'
import type { Shown } from './shown.ts'

/** UI type 06 (2.3.1): the cardholder answers in the account. `codes`: a code can be sent instead. */
export function approvalPage(shown: Shown, codes: boolean): string {
  const { language, waitsUntil } = shown
  const say = words(language)
  const issuer = config().issuer.brand.issuer[language]
  const button = (kind: string, does: string, text: string) =>
    html`<button class="${kind}" name="do" value="${does}">${text}</button>`
  const inside = html`<h1>${say('challenge.approval.heading')}</h1>
<p>${say('app.approve', { address: accountAddress(language), time: waitsUntil })}</p>
${form(
  html`${button('main', 'continue', say('app.answered'))}${codes && button('plain', 'other', say('challenge.approval.codes'))}`,
)}`
  return htmlPage(shown, inside, [
    [say('challenge.approval.helpSummary'), say('app.helpApproval')],
    [say('app.whyLabel'), say('app.whyApproval', { issuer })],
  ])
}
