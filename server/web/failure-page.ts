import { config } from '../platform/config.ts'
import { type Html, html } from '../platform/html.ts'
import { words } from '../platform/words.ts'

const languages = ['ja', 'en'] as const

/**
 * The page for an address that does not exist, or for a page that cannot be rendered now, without a script: under the
 * site's mark, in the language of the address, or in both if the address has none.
 */
export function failurePage(status: number, path: string): string {
  const missing = status === 404
  const asked = languages.filter(language => new RegExp(`^/${language}(/|$)`).test(path))
  const shown = asked.length > 0 ? asked : languages
  const [first = 'ja'] = shown
  const title = (language: 'ja' | 'en') => words(language)(missing ? 'site.notFound.title' : 'site.failure.title')
  const text = (language: 'ja' | 'en') => words(language)(missing ? 'site.notFound.text' : 'site.failure.text')
  const section = (language: 'ja' | 'en', heading: Html) => html`<section lang="${language}">${heading}
<p>${text(language)}</p>
<p><a href="/${language}">${words(language)('site.notFound.home')}</a></p></section>`
  const { service, issuer, mark } = config().issuer.brand
  return String(html`<!doctype html>
<html lang="${first}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${shown.map(title).join(' / ')} | ${service}</title><link rel="stylesheet" href="/plain.css"></head>
<body><header><a href="/${first}"><img src="${mark}" alt="" width="32" height="32"> <b>${service}</b></a></header>
<main>${shown.map((language, index) =>
    section(language, index === 0 ? html`<h1>${title(language)}</h1>` : html`<h2>${title(language)}</h2>`),
  )}</main>
<footer>${issuer[first]}</footer></body></html>`)
}
