import { config } from '../../platform/config.ts'
import { demoMode } from '../../platform/demo-mode.ts'
import { Html, html } from '../../platform/html.ts'
import { words } from '../../platform/words.ts'
import { factsOf, type Shown } from './shown.ts'

/**
 * A page that an SDK shows in its web view. EMV 3DS forbids external resources, so the style is inline and there is no
 * script. The SDK intercepts the form's address and returns the query string. The button to cancel is the SDK's own,
 * above the page. `help`: questions with their answers.
 */
export function htmlPage(shown: Shown, inside: Html, help: readonly (readonly [string, string])[]): string {
  const { language, notice, wrong, personalMessage } = shown
  const say = words(language)
  const { service, issuer, accent, accentDark } = config().issuer.brand
  const other = language === 'ja' ? 'en' : 'ja'
  const rows = factsOf(shown).map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`)
  return String(html`<!doctype html><html lang="${language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say(wrong ? 'challenge.titleWithError' : 'challenge.title')}</title>
<style>${style(accent, accentDark)}</style></head><body>
${demoMode() && html`<p><small>${say('demo.short')}</small></p>`}
<header><p><b>${service}</b><br><small>${issuer[language]}</small></p>
${form(html`<button class="plain" name="do" value="${other}" lang="${other}">${say(`languages.${other}`)}</button>`)}
</header><main>
${notice && html`<p id="notice" class="${wrong ? 'wrong' : 'told'}" role="${wrong ? 'alert' : 'status'}">${notice}</p>`}
${personalMessage && html`<p><small>${say('challenge.personalMessage')}</small> <b><bdi>${personalMessage}</bdi></b></p>`}
<dl aria-label="${say('challenge.purchase.label')}">${rows}</dl>
${inside}
${help.map(([question, answer]) => html`<details><summary>${question}</summary><p>${answer}</p></details>`)}
</main><footer><small>${say('challenge.footer', { issuer: issuer[language], service })}</small></footer></body></html>`)
}

/** EMV 3DS 2.2.0, HTML UI: the address that the SDK intercepts, spelt as in the specification. */
export function form(inside: Html): Html {
  return html`<form method="get" action="HTTPS://EMV3DS/challenge">${inside}</form>`
}

/** The window's style (app/styles/tokens.css), reduced to what one page needs. */
function style(accent: string, accentDark: string): Html {
  const rules = [
    `:root{color-scheme:light dark;--p:#fff;--s:#f4f6f6;--i:#16211f;--o:#46534f;--l:#d5dcda;--e:#6b7875;--d:#9f1c1c;--a:${accent};--n:#fff}`,
    `@media(prefers-color-scheme:dark){:root{--p:#101615;--s:#19211f;--i:#eef3f1;--o:#b6c2be;--l:#33403c;--e:#83928d;--d:#ffb4ab;--a:${accentDark};--n:#0c1211}}`,
    '*{box-sizing:border-box}body{margin:0 auto;padding:.75rem;max-width:34rem;background:var(--p);color:var(--i);line-height:1.7;font-family:"Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","Yu Gothic",system-ui,sans-serif}',
    'html[lang=ja]{word-break:auto-phrase;line-break:strict}p{margin:0}small,dt{color:var(--o)}small,dl{font-size:.875rem}',
    'header{margin-bottom:.6rem;display:flex;justify-content:space-between;align-items:center;gap:.5rem;line-height:1.3}main,main form{display:flex;flex-direction:column;gap:.6rem}',
    'dl{margin:0;padding:.4rem .75rem;background:var(--s);border-radius:6px}dl div{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 .75rem}dd{margin:0 0 0 auto;font-weight:700}',
    '.trust{display:flex;gap:.5rem;align-items:flex-start}.trust input{min-height:24px;width:24px;flex:none;accent-color:var(--a)}h1{font-size:1.0625rem;margin:0}#code{font:inherit;font-size:1.25rem;letter-spacing:.2em;min-height:44px;width:100%;max-width:15rem;padding:0 .75rem;border:2px solid var(--e);border-radius:6px;background:var(--p);color:var(--i)}',
    'input[aria-invalid]{border-color:var(--d)}button{font:inherit;min-height:44px;border-radius:6px;cursor:pointer}.main{border:0;background:var(--a);color:var(--n);font-weight:700}',
    '.plain{border:0;background:none;color:var(--a);text-decoration:underline;padding:0 .25rem}main .plain{align-self:start}.wrong{padding:.4rem .75rem;border:2px solid var(--d);border-radius:6px;color:var(--d);font-weight:700}',
    '.told{padding-inline-start:.75rem;border-inline-start:4px solid var(--a)}:focus-visible{outline:3px solid var(--a);outline-offset:2px}summary{font-weight:700;min-height:24px}footer{margin-top:.75rem;padding-top:.5rem;border-top:1px solid var(--l)}',
  ]
  return new Html(rules.join(''))
}
