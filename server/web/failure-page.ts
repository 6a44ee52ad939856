import { escapeHtml } from '../escape-html.ts'
import { words } from '../words.ts'

/** A page that is not there, or cannot be made now, in both languages and without a script. */
export function failurePage(status: number): string {
  const missing = status === 404
  const title = (language: 'ja' | 'en') => words(language)(missing ? 'site.notFound.title' : 'site.failure.title')
  const text = (language: 'ja' | 'en') => words(language)(missing ? 'site.notFound.text' : 'site.failure.text')
  const sections = (['ja', 'en'] as const).map((language, index) => {
    const heading = index === 0 ? 'h1' : 'h2'
    const home = escapeHtml(words(language)('site.notFound.home'))
    const lines = [
      `<${heading}>${escapeHtml(title(language))}</${heading}>`,
      `<p>${escapeHtml(text(language))}</p>`,
      `<p><a href="/${language}">${home}</a></p>`,
    ]
    return `<section lang="${language}">${lines.join('')}</section>`
  })
  return [
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${escapeHtml(`${title('ja')} / ${title('en')}`)}</title><link rel="stylesheet" href="/plain.css"></head>`,
    `<body><main>${sections.join('')}</main></body></html>`,
  ].join('')
}
