import { type Html, html } from '../platform/html.ts'
import { words } from '../platform/words.ts'

/**
 * The page for an address that does not exist, or for a page that cannot be rendered now, in both languages and without
 * a script.
 */
export function failurePage(status: number): string {
  const missing = status === 404
  const title = (language: 'ja' | 'en') => words(language)(missing ? 'site.notFound.title' : 'site.failure.title')
  const text = (language: 'ja' | 'en') => words(language)(missing ? 'site.notFound.text' : 'site.failure.text')
  const section = (language: 'ja' | 'en', heading: Html) => html`<section lang="${language}">${heading}
<p>${text(language)}</p>
<p><a href="/${language}">${words(language)('site.notFound.home')}</a></p></section>`
  return String(html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${title('ja')} / ${title('en')}</title><link rel="stylesheet" href="/plain.css"></head>
<body><main>${section('ja', html`<h1>${title('ja')}</h1>`)}
${section('en', html`<h2>${title('en')}</h2>`)}</main></body></html>`)
}
