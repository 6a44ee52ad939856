import { Html, html } from '#server/platform/html.ts'
import type { Language } from '../../language.ts'
import { words } from '../words.ts'
import { style } from './style.ts'

export interface Frame {
  language: Language
  title: string
  nonce: string
  /** This page's path, without the language. */
  path: string
  inboxOrigin: string
  /** The origin of the product's pages. */
  acsOrigin: string
}

export function layout({ language, title, nonce, path, inboxOrigin, acsOrigin }: Frame, main: Html, script = ''): Html {
  const w = words[language]
  const other = language === 'ja' ? 'en' : 'ja'
  return html`${head(language, title, nonce)}
<body>
<p class="demo">${w.demo}</p>
<header>
  <a class="shop" href="/?lang=${language}">${bird}<span>${w.shop}<small>${w.lead}</small></span></a>
  <a href="${path}?lang=${other}" lang="${other}" hreflang="${other}">${w.otherLanguage}</a>
</header>
<main>${main}</main>
<footer><a href="${inboxOrigin}/?lang=${language}" target="_blank" rel="noopener">${w.inbox}</a> <a href="${inboxOrigin}/phone?lang=${language}" target="_blank" rel="noopener">${w.phone}</a> <a href="${acsOrigin}/${language}/account" target="_blank" rel="noopener">${w.account}</a> <a href="${acsOrigin}/${language}" target="_blank" rel="noopener">${w.site}</a></footer>
${script !== '' && html`<script nonce="${nonce}">${new Html(script)}</script>`}
</body>
</html>`
}

export function head(language: Language, title: string, nonce: string): Html {
  const { shop } = words[language]
  return html`<html lang="${language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === shop ? shop : `${title} – ${shop}`}</title><link rel="icon" href="data:,">
<style nonce="${nonce}">${new Html(style)}</style>
</head>`
}

const bird = new Html(
  `<svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false"><circle cx="20" cy="20" r="20" fill="#24513f"/><path d="M9 24c0-8 6-13 13-12 4 0 6 3 6 6l5 2-5 2c-1 6-6 9-11 9-5 0-8-3-8-7z" fill="#f4c05a"/><circle cx="23.500" cy="17" r="1.500" fill="#24513f"/><path d="M13 23c3 3 7 3 10-1" fill="none" stroke="#24513f" stroke-width="1.800" stroke-linecap="round"/></svg>`,
)
