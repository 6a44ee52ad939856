import type { MerchantPost } from '../challenge/view.ts'
import { escapeHtml } from '../escape-html.ts'
import { isDemo } from '../platform/stage.ts'
import { words } from '../words.ts'

/**
 * What the window says when a CReq opens nothing, or when it cannot be shown now: in both languages and without a reason.
 * Where it is needed React does not render, so this is written by hand; whatever comes from outside is escaped. With `post`
 * it leads back to the merchant.
 */
export function windowFailurePage(nonce: string, post?: MerchantPost): string {
  const sections = (['ja', 'en'] as const).map((language, index) => {
    const say = words(language)
    const heading = index === 0 ? 'h1' : 'h2'
    const lines = (['text', 'help'] as const).map(key => `<p>${escapeHtml(say(`challenge.error.${key}`))}</p>`)
    const title = escapeHtml(say('challenge.error.title'))
    return `<section lang="${language}"><${heading}>${title}</${heading}>${lines.join('')}</section>`
  })
  return [
    '<!doctype html><html lang="ja"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${escapeHtml(`${words('ja')('challenge.error.title')} / ${words('en')('challenge.error.title')}`)}</title><link rel="stylesheet" href="/plain.css"></head>`,
    `<body>${isDemo() ? `<aside class="demo-banner">${escapeHtml(words('ja')('demo.short'))} ${escapeHtml(words('en')('demo.short'))}</aside>` : ''}`,
    `<main>${sections.join('')}${post ? returnForm(post) : ''}</main>`,
    post ? `<script src="/return.js" nonce="${escapeHtml(nonce)}" defer></script>` : '',
    '</body></html>',
  ].join('')
}

function returnForm({ notificationURL, fields }: MerchantPost): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  const label = (['ja', 'en'] as const).map(language => words(language)('challenge.error.return')).join(' / ')
  return `<form id="return" method="post" action="${escapeHtml(notificationURL)}" data-wait="8000">${inputs.join('')}<button type="submit">${escapeHtml(label)}</button></form>`
}
