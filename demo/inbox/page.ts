import { Html, html } from '#server/platform/html.ts'
import { conditions, type FaultState, gateways } from '../faults.ts'
import type { Language } from '../language.ts'
import { addressees } from './letters.ts'
import { type Channel, channels, type Message } from './messages.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { inJapan, steps, type Words, words } from './words.ts'

export interface InboxView {
  language: Language
  messages: readonly Message[]
  filter: { to: string; channel: Channel | '' }
  now: Date
  faults: FaultState
  secret: string
  nonce: string
  shopOrigin: string
  /** The origin of the product's pages. */
  acsOrigin: string
}

/** More would make the page slow; the rest is in the API. */
const shown = 50

export function inboxPage(view: InboxView): Html {
  const { language, nonce, filter } = view
  const w = words[language]
  const other = language === 'ja' ? 'en' : 'ja'
  const here = new URLSearchParams({ lang: language, to: filter.to, channel: filter.channel })
  return html`<html lang="${language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.title}</title><link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<header>
  <h1>${w.title}</h1>
  <a href="/?lang=${other}" lang="${other}" hreflang="${other}">${w.otherLanguage}</a>
  <p>${w.lead}</p>
</header>
<main>
<section aria-labelledby="messages-title" class="messages">
  <div class="line">
    <h2 id="messages-title">${w.messages}</h2>
    <a href="/?${here.toString()}">${w.reload}</a>
  </div>
  <form method="get" action="/" class="filter">
    <input type="hidden" name="lang" value="${language}">
    <label>${w.to}<input name="to" value="${filter.to}" autocomplete="off" spellcheck="false"></label>
    <label>${w.channel}<select name="channel">
      <option value="">${w.everyChannel}</option>
      ${channels.map(channel => option(channel, w.channels[channel], channel === filter.channel))}
    </select></label>
    <button>${w.filter}</button>
  </form>
  <p id="arrived" role="status" data-words="${w.arrived}"></p>
  <div id="messages" data-newest="${view.messages[0]?.id ?? ''}">${list(view, w)}</div>
</section>
<aside>
  ${letterControls(view, w)}
  ${clockControls(view, w)}
  ${faultControls(view, w)}
  <section>
    <h2>${w.secret}</h2>
    <p>${w.secretHelp}</p>
    <code class="secret">${view.secret}</code>
  </section>
</aside>
</main>
<footer><p class="links"><a href="/phone?lang=${language}">${w.phone}</a> <a href="${view.shopOrigin}/?lang=${language}">${w.shop}</a> <a href="${view.acsOrigin}/${language}/account">${w.account}</a> <a href="${view.acsOrigin}/${language}">${w.site}</a></p><p>${w.source}</p></footer>
<script nonce="${nonce}">${new Html(script)}</script>
</body>
</html>`
}

function list({ messages, filter, language }: InboxView, w: Words): Html {
  if (messages.length === 0)
    return html`<p class="empty">${filter.to || filter.channel ? w.emptyFiltered : w.empty}</p>`
  return html`<p class="count">${w.newest(Math.min(shown, messages.length), messages.length)}</p>
<ol>${messages.slice(0, shown).map((message, i) => html`<li>${article(message, language, w, i === 0)}</li>`)}</ol>`
}

function article(message: Message, language: Language, w: Words, open: boolean): Html {
  const title =
    message.channel === 'email' ? message.subject || w.noSubject : message.subject || firstLine(message.text)
  return html`<details id="m-${message.id}" class="message"${open ? new Html(' open') : ''}>
<summary>
  <span class="channel ${message.channel}">${w.channels[message.channel]}</span>
  <span class="subject">${title}</span>
  <span class="meta"><span>${message.to}</span> <time datetime="${message.sentAt}">${inJapan(new Date(message.sentAt), language)}</time></span>
</summary>
<dl>
  <dt>${w.from}</dt><dd>${message.from}</dd>
  <dt>${w.to}</dt><dd>${message.to}</dd>
</dl>
<pre>${withLinks(message.text)}</pre>
${message.html && htmlVersion(message.html, title, w)}
</details>`
}

// No scripts and an opaque origin; links open outside the frame, so that a person can follow them.
function htmlVersion(markup: string, title: string, w: Words): Html {
  return html`<details class="html"><summary>${w.htmlVersion}</summary>
<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy" title="${title}" srcdoc="${`<!doctype html><base target="_blank">${markup}`}"></iframe></details>`
}

function letterControls({ language, secret }: InboxView, w: Words): Html {
  return html`<section aria-labelledby="letters-title">
  <h2 id="letters-title">${w.letters}</h2>
  <p>${w.lettersHelp}</p>
  <form method="post" action="/api/letters" class="steps">
    ${own(language, secret)}
    <label>${w.letterTo}<select name="cardholder">
      ${Object.entries(addressees).map(([id, names]) => option(id, names[language], false))}
    </select></label>
    <button>${w.sendLetter}</button>
  </form>
</section>`
}

function clockControls({ language, now, secret }: InboxView, w: Words): Html {
  return html`<section aria-labelledby="clock-title">
  <h2 id="clock-title">${w.clock}</h2>
  <p class="now"><time id="now" datetime="${now.toISOString()}">${inJapan(now, language)}</time> JST</p>
  <p>${w.clockHelp}</p>
  <form method="post" action="/api/clock" class="steps">
    ${own(language, secret)}
    ${steps.map(step => html`<button name="advanceSeconds" value="${step}">${w.steps[step]}</button>`)}
  </form>
</section>`
}

function faultControls({ language, faults, secret }: InboxView, w: Words): Html {
  return html`<section aria-labelledby="faults-title">
  <h2 id="faults-title">${w.faults}</h2>
  <p>${w.faultsHelp}</p>
  <form method="post" action="/api/faults" class="faults">
    ${own(language, secret)}
    ${gateways.map(
      gateway => html`<label class="${faults[gateway]}"><span>${w.gateway[gateway]}</span><select name="${gateway}">
      ${conditions[gateway].map(condition => option(condition, w.condition[condition], condition === faults[gateway]))}
    </select></label>`,
    )}
    <button>${w.apply}</button>
  </form>
</section>`
}

const own = (language: Language, secret: string): Html =>
  html`<input type="hidden" name="secret" value="${secret}"><input type="hidden" name="lang" value="${language}">`

const option = (value: string, label: string, selected: boolean): Html =>
  html`<option value="${value}"${selected ? new Html(' selected') : ''}>${label}</option>`

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}

function withLinks(text: string): Html[] {
  return text
    .split(/(https?:\/\/[\w./:?#@!$&'*+,;=%~-]*[\w/=#~-])/)
    .map((part, i) =>
      i % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>` : html`${part}`,
    )
}
