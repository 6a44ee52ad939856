import { plainName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '../platform/config.ts'
import { Html, html } from '../platform/html.ts'
import { words } from '../platform/words.ts'
import type { Addressee } from './addressee.ts'
import type { Message, Notice, OtherCode, PaymentCode } from './message.ts'
import { minutesOf, paymentParts, plainValues } from './parts.ts'

export interface EmailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** An e-mail with what shows its reader that it is ours. */
export type AddressedMessage = Omit<Message, 'to'> & { readonly addressee?: Addressee }

/** The parts of an e-mail, before they become text and HTML. */
interface Letter {
  readonly subject: string
  readonly heading: string
  readonly salutation?: string | undefined
  readonly summary: string
  readonly code?: readonly [name: string, code: string]
  readonly facts: readonly (readonly [string, string])[]
  readonly advice: readonly string[]
  readonly link?: { readonly words: string; readonly url: string } | undefined
}

/** Writes an e-mail as text and as HTML. */
export function writeEmail({ language, content, addressee = {} }: AddressedMessage): EmailText {
  const { brand } = config().issuer
  const say = words(language)
  const service = brand.service
  const { name, personalMessage } = addressee
  const body =
    content.kind === 'payment-code'
      ? paymentLetter(language, content)
      : content.kind === 'code'
        ? codeLetter(language, content)
        : noticeLetter(language, content)
  const mine = personalMessage ? ([[say('challenge.personalMessage'), personalMessage]] as const) : []
  const letter: Letter = {
    ...body,
    salutation: name && say('email.salutation', { name: plainName(name) }),
    facts: [...mine, ...body.facts],
  }
  const { subject, salutation, summary, code, facts, advice, link } = letter
  const from = say('email.from', { issuer: brand.issuer[language], service })
  const footer = [from, brand.support[language], say('email.noReply')]
  const paragraphs = [
    salutation ? [salutation] : [],
    [summary],
    code ? [`${code[0]}: ${code[1]}`] : [],
    facts.map(([name, value]) => `${name}: ${value}`),
    advice,
    link ? [`${link.words}:`, link.url] : [],
    footer,
  ].filter(lines => lines.length > 0)
  return {
    subject,
    text: `${paragraphs.map(lines => lines.join('\n')).join('\n\n')}\n`,
    html: page(language, letter, from, footer, brand.accent),
  }
}

/**
 * Merchant and amount come before the code, so that a victim who is asked to pass the code on has read what it pays
 * for.
 */
function paymentLetter(language: Language, content: PaymentCode): Letter {
  const { code, lastFour, lifetime, registers } = content
  const say = words(language)
  const { service, merchant: name, price } = paymentParts(language, content)
  const merchant = name ?? say('email.unnamedMerchant')
  return {
    subject: say('email.subject', { service }),
    heading: say('email.heading'),
    summary: price ? say('email.code', { merchant, amount: price }) : say('email.codeWithoutAmount', { merchant }),
    code: [say('email.codeLabel'), code],
    facts: [
      [say('email.merchant'), name ?? say('challenge.purchase.unnamed')],
      ...(price ? [[say('email.amount'), price] as const] : []),
      [say('email.card'), say('email.cardEnding', { lastFour })],
    ],
    advice: [
      say('email.valid', { minutes: minutesOf(lifetime) }),
      say(price ? 'email.compare' : 'email.compareWithoutAmount'),
      say('email.secret'),
      say(registers ? 'email.registersNotYou' : 'email.notYou'),
    ],
  }
}

function codeLetter(language: Language, { words: name, code, lifetime }: OtherCode): Letter {
  const say = words(language)
  const { service } = config().issuer.brand
  return {
    subject: say(`message.code.${name}.subject`, { service }),
    heading: say(`message.code.${name}.heading`),
    summary: say(`message.code.${name}.text`),
    code: [say('email.codeLabel'), code],
    facts: [],
    advice: [
      say('email.valid', { minutes: minutesOf(lifetime) }),
      say('email.secret'),
      say(`message.code.${name}.notYou`),
    ],
  }
}

function noticeLetter(language: Language, { words: name, values, path }: Notice): Letter {
  const say = words(language)
  const { service } = config().issuer.brand
  const all = { service, ...plainValues(language, values, { merchant: 80, device: 80, others: 80 }) }
  return {
    subject: say(`message.notice.${name}.subject`, all),
    heading: say(`message.notice.${name}.heading`, all),
    summary: say(`message.notice.${name}.text`, all),
    facts: [],
    advice: [say(`message.notice.${name}.notYou`, all)],
    ...(path && { link: { words: say(`message.notice.${name}.link`), url: config().publicOrigin + path } }),
  }
}

const fonts = new Html("'Hiragino Sans','Noto Sans JP','Yu Gothic',system-ui,sans-serif")

// Mail programs that know dark colours take these; the others keep the light ones of the style attributes.
const darkColours = new Html(`<style>@media (prefers-color-scheme:dark){
body{background:#14191c!important;color:#e8ecee!important}.quiet{color:#b4bec6!important}a{color:#9cc4e4!important}
.code{background:#232b30!important}}</style>`)

/**
 * Plain HTML without pictures or scripts, so nothing is loaded. It has at most one link, to a page of ours, and none in
 * a message with a code.
 */
function page(
  language: Language,
  { heading, salutation, summary, code, facts, advice, link }: Letter,
  from: string,
  footer: readonly string[],
  accent: string,
): string {
  const rows = facts.map(
    ([name, value]) =>
      html`<tr><th scope="row" class="quiet" style="text-align:left;font-weight:normal;padding:4px 16px 4px 0;color:#4a5560">${name}</th>
<td style="padding:4px 0">${value}</td></tr>`,
  )
  const table = html`<table role="presentation" style="border-collapse:collapse;margin:16px 0">${rows}</table>`
  const codeBox =
    code &&
    html`<p class="code" style="margin:16px 0;padding:12px 16px;background:#eef2f4"><span class="quiet" style="color:#4a5560">${code[0]}</span><br>
<strong style="font-size:32px;line-height:1.4;letter-spacing:.15em">${code[1]}</strong></p>`
  const footerLines = footer.map((line, index) => html`${index > 0 && html`<br>`}${line}`)
  return String(html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${heading}</title>${darkColours}</head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1a2226;font:16px/1.75 ${fonts}">
<div style="max-width:36em">
<p style="margin:0 0 20px;padding:0 0 12px;border-bottom:4px solid ${accent};font-weight:bold"><span style="display:inline-block;width:14px;height:14px;margin-right:8px;border-radius:4px;background:${accent}"></span>${from}</p>
<h1 style="font-size:20px;margin:0 0 12px">${heading}</h1>${salutation && html`<p>${salutation}</p>`}<p>${summary}</p>
${codeBox}
${rows.length > 0 && table}
<ul style="padding-left:1.2em">${advice.map(line => html`<li>${line}</li>`)}</ul>
${link && html`<p><a href="${link.url}">${link.words}</a></p>`}
<p class="quiet" style="color:#4a5560;font-size:14px">${footerLines}</p></div></body></html>`)
}
