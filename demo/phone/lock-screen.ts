import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../language.ts'
import { appPath } from './issuer-app.ts'
import type { Notification } from './memory.ts'
import { style } from './style.ts'
import { webPath } from './web-page.ts'
import { type Words, words } from './words.ts'

export interface LockScreenView {
  readonly language: Language
  readonly notifications: readonly Notification[]
  /** Whether the phone has a push subscription. */
  readonly subscribed: boolean
  /** Whether the issuer's app is paired. */
  readonly isPaired: boolean
  /** Whether the set-up that was asked for has failed. */
  readonly setUpFailed: boolean
  /** By the product's clock. */
  readonly now: Date
  readonly shopOrigin: string
  readonly secret: string
  readonly nonce: string
}

/** Shows new notifications without a reload. The page works without it. */
const script = `
const refresh = async () => {
  if (document.hidden) return
  const response = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  document.querySelector('#clock').replaceWith(fresh.querySelector('#clock'))
  const [now, next] = [document, fresh].map(page => page.querySelector('#notifications'))
  if (now.dataset.shown !== next.dataset.shown) now.replaceWith(next)
}
setInterval(() => refresh().catch(() => {}), 1500)
`

export function lockScreenPage(view: LockScreenView): Html {
  const { language, nonce, secret } = view
  const w = words[language]
  const other = language === 'ja' ? 'en' : 'ja'
  return html`<html lang="${language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.title}</title><link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
</head>
<body>
<header>
  <h1>${w.title}</h1>
  <a href="/phone?lang=${other}" lang="${other}" hreflang="${other}">${w.otherLanguage}</a>
  <p>${w.lead}</p>
</header>
<main>
<section class="phone" aria-labelledby="lock-screen">
  <div class="line"><h2 id="lock-screen">${w.lockScreen}</h2><a href="/phone?lang=${language}">${w.reload}</a></div>
  ${clock(view)}
  ${notifications(view, w)}
  <nav class="apps" aria-label="${w.apps}"><ul>
    <li><a href="${webPath}/${language}/account">${w.account}</a></li>
    <li><a href="${appPath}?lang=${language}">${w.app.name}</a></li>
  </ul></nav>
</section>
<div class="notes">
  ${steps(view, w)}
  <section><h2>${w.state}</h2><p>${view.subscribed ? w.registered : w.notRegistered}</p>
  ${
    view.subscribed &&
    html`<form method="post" action="/phone/unsubscribe">${own(language, secret)}<button class="quiet">${w.turnOff}</button></form><p>${w.turnOffHelp}</p>`
  }</section>
</div>
</main>
<footer>
  <a href="${view.shopOrigin}/?lang=${language}" target="_blank" rel="noopener">${w.toShop}</a>
  <a href="/?lang=${language}">${w.toInbox}</a>
</footer>
<script nonce="${nonce}">${new Html(script)}</script>
</body>
</html>`
}

/** How to see a payment approved on the phone: with one press, or by hand. */
function steps({ language, secret, isPaired, setUpFailed }: LockScreenView, w: Words): Html {
  return html`<section aria-labelledby="steps"><h2 id="steps">${w.steps.title}</h2>
  ${setUpFailed && html`<p role="alert" class="problem">${w.steps.failed}</p>`}
  <ol>
    <li>${isPaired ? w.steps.ready : w.steps.setUp}
      <form method="post" action="/phone/set-up">${own(language, secret)}<button${isPaired && new Html(' class="quiet"')}>${isPaired ? w.steps.again : w.steps.start}</button></form></li>
    <li>${w.steps.pay}</li>
    <li>${w.steps.approve}</li>
  </ol>
  <details><summary>${w.steps.byHand}</summary><ol>${w.steps.manual.map(step => html`<li>${step}</li>`)}</ol></details></section>`
}

function clock({ now, language }: LockScreenView): Html {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', { timeZone: 'Asia/Tokyo', ...options }).format(now)
  return html`<div id="clock"><p class="clock"><time datetime="${now.toISOString()}">${format({ hour: '2-digit', minute: '2-digit' })}</time></p>
<p class="day">${format({ month: 'long', day: 'numeric', weekday: 'long' })}</p></div>`
}

function notifications({ notifications, language, secret }: LockScreenView, w: Words): Html {
  const shown = notifications.map(({ id }) => id).join(' ')
  return html`<div id="notifications" data-shown="${shown}" role="status">${
    notifications.length === 0
      ? html`<p class="none">${w.noNotifications}</p>`
      : html`<ol>${notifications.map(
          ({ id, title, body, arrivedAt, navigate, ...notification }) => html`<li class="notification">
  <div class="from">${navigate === appPath ? w.app.name : w.webApp}<time datetime="${arrivedAt}">${timeOf(arrivedAt, language)}</time></div>
  <div lang="${notification.language}"><b>${title}</b>${body}</div>
  <form method="post" action="/phone/open">${own(language, secret)}<button name="id" value="${id}">${w.open}</button></form>
</li>`,
        )}</ol>`
  }</div>`
}

function timeOf(iso: string, language: Language): string {
  const options = { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', options).format(new Date(iso))
}

function own(language: Language, secret: string): Html {
  return html`<input type="hidden" name="secret" value="${secret}"><input type="hidden" name="lang" value="${language}">`
}
