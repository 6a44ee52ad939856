import currencies from 'currency-codes'
import countries from 'i18n-iso-countries'
import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../language.ts'
import type { Shown } from './app-device.ts'
import { type AppScreen, appPath } from './issuer-app.ts'
import { style } from './style.ts'
import { type Words, words } from './words.ts'

export interface AppView {
  readonly language: Language
  readonly screen: AppScreen
  /** The outcome of the last press: an answer, or the code of an error; undefined if none. */
  readonly outcome: string | undefined
  readonly secret: string
  readonly nonce: string
}

/** The issuer's app as the phone shows it. */
export function appPage({ language, screen, outcome, secret, nonce }: AppView): Html {
  const w = words[language]
  const other = language === 'ja' ? 'en' : 'ja'
  const form = (action: string, content: Html) =>
    html`<form method="post" action="${appPath}/${action}"><input type="hidden" name="secret" value="${secret}"><input type="hidden" name="lang" value="${language}">${content}</form>`
  return html`<html lang="${language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${w.app.title}</title><link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
</head>
<body>
<header>
  <h1>${w.app.title}</h1>
  <a href="${appPath}?lang=${other}" lang="${other}" hreflang="${other}">${w.otherLanguage}</a>
  <p>${w.app.lead}</p>
</header>
<main>
<section class="phone app" aria-label="${w.app.name}">
  <div class="line"><a href="/phone?lang=${language}">${w.backToLockScreen}</a><a href="${appPath}?lang=${language}">${w.reload}</a></div>
  <div class="screen">
  <h2>${w.app.name}</h2>
  ${outcome !== undefined && html`<p role="status" class="outcome">${said(outcome, w)}</p>`}
  ${screenOf(screen, language, w, form)}
  </div>
</section>
<div class="notes">
  <section><h2>${w.app.about}</h2><p>${w.app.aboutText}</p>${screen.kind !== 'unpaired' && form('forget', html`<button class="quiet">${w.app.forget}</button>`)}</section>
</div>
</main>
</body>
</html>`
}

function screenOf(
  screen: AppScreen,
  language: Language,
  w: Words,
  form: (action: string, content: Html) => Html,
): Html {
  switch (screen.kind) {
    case 'unpaired':
      return html`<p>${w.app.pairHelp}</p>${form(
        'pair',
        html`<label>${w.app.code}<input name="code" autocomplete="off" spellcheck="false" required></label><button>${w.app.pair}</button>`,
      )}`
    case 'nothing-waits':
      return html`<p>${w.app.nothingWaits}</p>`
    case 'problem':
      return html`<p role="alert">${said(screen.problem, w)}</p>`
    case 'waiting':
      return html`<p>${w.app.question}</p>
<dl>${facts(screen.request, language, w).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${form(
  'approve',
  html`<label>${w.app.number}<input name="number" inputmode="numeric" autocomplete="off" required></label><p class="hint">${w.app.numberHelp}</p><button>${w.app.approve}</button>`,
)}
${form('refuse', html`<button class="quiet" name="answer" value="declined">${w.app.decline}</button>`)}
${form('refuse', html`<button class="quiet" name="answer" value="reported">${w.app.report}</button>`)}`
  }
}

function said(outcome: string, w: Words): string {
  return (Object.hasOwn(w.app.outcomes, outcome) && w.app.outcomes[outcome]) || w.app.otherOutcome
}

/** All that is signed, as a person reads it. */
function facts(request: Shown['request'], language: Language, w: Words): (readonly [string, string])[] {
  const { merchant = '', amount, currency, exponent, country, lastFour = '', askedAt = '', expiresAt = '' } = request
  return [
    [w.app.merchant, merchant],
    [
      w.app.amount,
      amount && currency && exponent ? moneyOf(amount, currency, Number(exponent), language) : w.app.noAmount,
    ],
    [w.app.card, w.app.cardEnding(lastFour)],
    ...(country ? ([[w.app.place, placeOf(country, language)]] as const) : []),
    [w.app.time, timeOf(askedAt, language)],
    [w.app.until, timeOf(expiresAt, language)],
  ]
}

/** `amount` has up to 48 digits and is never converted to a number. */
function moneyOf(amount: string, numeric: string, exponent: number, language: Language): string {
  const padded = amount.padStart(exponent + 1, '0')
  const decimal = exponent === 0 ? padded : `${padded.slice(0, -exponent)}.${padded.slice(-exponent)}`
  const currency = currencies.number(numeric)?.code
  const format = new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en', {
    ...(currency && { style: 'currency', currency, currencyDisplay: language === 'ja' ? 'name' : 'symbol' }),
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  })
  return format.format(decimal as `${number}`).replace(/(?<=\d)\s+(?=円)/u, '')
}

function placeOf(numeric: string, language: Language): string {
  const code = countries.numericToAlpha2(numeric)
  return (code && new Intl.DisplayNames(language, { type: 'region' }).of(code)) ?? numeric
}

function timeOf(iso: string, language: Language): string {
  const options = {
    timeZone: 'Asia/Tokyo',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const
  const time = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', options).format(new Date(iso))
  return language === 'ja' ? `${time}（日本時間）` : `${time} JST`
}
