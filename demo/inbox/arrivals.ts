import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../language.ts'
import type { Message } from './messages.ts'
import { inJapan, words } from './words.ts'

// The cardholder's phone beside the shop's checkout: what has arrived since the order. The shop frames this page.

/** A code, but not six digits within a link or a longer number. */
const sixDigits = /(?<![\w-]|\d[.,])\d{6}(?![\w-]|[.,]\d)/

/** A phone has room for a few. */
const shown = 4

interface ArrivalsView {
  language: Language
  messages: readonly Message[]
  nonce: string
}

export function arrivalsPage({ language, messages, nonce }: ArrivalsView): Html {
  const w = words[language]
  const items = messages.slice(0, shown).map(message => html`<li>${arrival(message, language)}</li>`)
  return html`<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.arrivals}</title><link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
<noscript><meta http-equiv="refresh" content="3"></noscript></head>
<body><h1>${w.arrivals}</h1>
<div id="arrivals" role="log" data-newest="${messages[0]?.id ?? ''}" data-copied="${w.copied}">${
    items.length > 0 ? html`<ol>${items}</ol>` : html`<p class="empty">${w.noArrivals}</p>`
  }</div>
<script nonce="${nonce}">${new Html(script)}</script>
</body></html>`
}

function arrival({ channel, from, subject, text, sentAt }: Message, language: Language): Html {
  const w = words[language]
  const [code] = sixDigits.exec(text) ?? []
  return html`<article>
<p class="meta"><b>${w.channels[channel]}</b> <span>${from}</span> <time datetime="${sentAt}">${inJapan(new Date(sentAt), language)}</time></p>
${subject && html`<p class="subject">${subject}</p>`}
<p class="text">${text}</p>
${code && html`<p class="code"><code>${code}</code><button type="button" data-code="${code}" hidden>${w.copyCode}</button></p>`}
${channel === 'push' && html`<p><a href="/phone?lang=${language}" target="_blank">${w.openPhone}</a></p>`}
</article>`
}

/** Looks for new messages every second. The code can be selected where the browser does not let it be copied. */
const script = `
const offerToCopy = () => {
  for (const button of document.querySelectorAll('[data-code]')) if (navigator.clipboard) button.hidden = false
}
addEventListener('click', async event => {
  const { code } = event.target.dataset
  if (!code) return
  const copied = await navigator.clipboard.writeText(code).then(() => true, () => false)
  if (copied) event.target.textContent = document.querySelector('#arrivals').dataset.copied
  else event.target.hidden = true
})
const look = async () => {
  if (document.hidden) return
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#arrivals')
  const now = document.querySelector('#arrivals')
  if (now.dataset.newest === next.dataset.newest) return
  now.replaceChildren(...next.childNodes)
  now.dataset.newest = next.dataset.newest
  offerToCopy()
}
offerToCopy()
setInterval(() => look().catch(() => {}), 1000)
`

const style = `
:root { color-scheme: light; --ink: #1c2430; --quiet: #4a5565; --line: #c9d1da; --accent: #0b5a6f }
* { box-sizing: border-box }
body { margin: 0; padding: .8rem; background: #eef2f5; color: var(--ink); font: 15px/1.6 "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic", system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: .95rem; margin: 0 0 .6rem; text-align: center } p { margin: 0 } ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem }
article { background: #fff; border: 1px solid var(--line); border-radius: .8rem; padding: .7rem .8rem; display: grid; gap: .35rem }
.meta { font-size: .78rem; color: var(--quiet) } .meta b { color: var(--accent) } .subject { font-weight: 700 }
.text { white-space: pre-line; font-size: .84rem; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; overflow: hidden }
.code { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center } code { font: 700 1.35rem/1.2 ui-monospace, monospace; letter-spacing: .1em; user-select: all }
button { font: inherit; font-weight: 700; min-height: 2.75rem; padding: .2rem 1rem; border: 2px solid var(--accent); border-radius: .5rem; background: var(--accent); color: #fff; cursor: pointer } button[hidden] { display: none }
a { color: var(--accent) } :focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
.empty { text-align: center; color: var(--quiet); padding: 2rem .5rem }
`
