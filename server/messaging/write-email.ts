import type { Language } from '#domain/kernel/language.ts'
import { config } from '../platform/config.ts'
import { Html, html } from '../platform/html.ts'
import { words } from '../platform/words.ts'
import type { Message, Notice, OtherCode, PaymentCode } from './message.ts'
import { minutesOf, paymentParts, plainValues } from './parts.ts'

export interface EmailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** The parts of an e-mail, before they become text and HTML. */
interface Letter {
  readonly subject: string
  readonly heading: string
  readonly summary: string
  readonly facts: readonly (readonly [string, string])[]
  readonly advice: readonly string[]
  readonly link?: { readonly words: string; readonly url: string } | undefined
}

/** Writes an e-mail as text and as HTML. */
export function writeEmail({ language, content }: Omit<Message, 'to'>): EmailText {
  const { brand } = config().issuer
  const say = words(language)
  const service = brand.service
  const letter =
    content.kind === 'payment-code'
      ? paymentLetter(language, content)
      : content.kind === 'code'
        ? codeLetter(language, content)
        : noticeLetter(language, content)
  const { subject, summary, facts, advice, link } = letter
  const from = say('email.from', { issuer: brand.issuer[language], service })
  const footer = [from, brand.support[language], say('email.noReply')]
  const paragraphs = [
    [summary],
    facts.map(([name, value]) => `${name}: ${value}`),
    advice,
    link ? [`${link.words}:`, link.url] : [],
    footer,
  ].filter(lines => lines.length > 0)
  return {
    subject,
    text: `${paragraphs.map(lines => lines.join('\n')).join('\n\n')}\n`,
    html: page(language, letter, footer, brand.accent),
  }
}

/**
 * Merchant and amount come before the code, so that a victim who is asked to pass the code on has read what it pays
 * for.
 */
function paymentLetter(language: Language, content: PaymentCode): Letter {
  const { code, lastFour, lifetime, personalMessage, registers } = content
  const say = words(language)
  const { service, merchant = say('email.unnamedMerchant'), price } = paymentParts(language, content)
  const minutes = minutesOf(lifetime)
  return {
    subject: say('email.subject', { service }),
    heading: say('email.heading'),
    summary: price
      ? say('email.code', { service, merchant, amount: price, code, minutes })
      : say('email.codeWithoutAmount', { service, merchant, code, minutes }),
    facts: [
      ...personalMessageFact(language, personalMessage),
      [say('email.merchant'), merchant],
      ...(price ? [[say('email.amount'), price] as const] : []),
      [say('email.card'), say('email.cardEnding', { lastFour })],
      [say('email.codeLabel'), code],
    ],
    advice: [
      say('email.valid', { minutes }),
      say(price ? 'email.compare' : 'email.compareWithoutAmount'),
      say('email.secret'),
      say(registers ? 'email.registersNotYou' : 'email.notYou'),
    ],
  }
}

function codeLetter(language: Language, { words: name, code, lifetime, personalMessage }: OtherCode): Letter {
  const say = words(language)
  const { service } = config().issuer.brand
  const minutes = minutesOf(lifetime)
  return {
    subject: say(`message.code.${name}.subject`, { service }),
    heading: say(`message.code.${name}.heading`),
    summary: say(`message.code.${name}.text`, { service, code, minutes }),
    facts: [...personalMessageFact(language, personalMessage), [say('email.codeLabel'), code]],
    advice: [say('email.valid', { minutes }), say('email.secret'), say(`message.code.${name}.notYou`)],
  }
}

function personalMessageFact(language: Language, personalMessage: string | undefined): [string, string][] {
  return personalMessage ? [[words(language)('challenge.personalMessage'), personalMessage]] : []
}

function noticeLetter(language: Language, { words: name, values, path }: Notice): Letter {
  const say = words(language)
  const { service } = config().issuer.brand
  const all = { service, ...plainValues(language, values, 80) }
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

/**
 * Plain HTML without pictures or scripts, so nothing is loaded. It has at most one link, to a page of ours, and none in
 * a message with a code.
 */
function page(
  language: Language,
  { heading, summary, facts, advice, link }: Letter,
  footer: readonly string[],
  accent: string,
): string {
  const rows = facts.map(([name, value], index) => {
    const last = index === facts.length - 1 ? 'font-size:24px;letter-spacing:.15em;font-weight:bold' : ''
    return html`<tr><th scope="row" style="text-align:left;font-weight:normal;padding:4px 16px 4px 0;color:#4a5560">${name}</th>
<td style="padding:4px 0;${last}">${value}</td></tr>`
  })
  const table = html`<table role="presentation" style="border-collapse:collapse;margin:16px 0">${rows}</table>`
  const footerLines = footer.map((line, index) => html`${index > 0 && html`<br>`}${line}`)
  return String(html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${heading}</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1a2226;font:16px/1.75 ${fonts}">
<div style="max-width:36em;border-top:4px solid ${accent};padding-top:16px">
<h1 style="font-size:20px;margin:0 0 12px">${heading}</h1><p>${summary}</p>
${rows.length > 0 && table}
<ul style="padding-left:1.2em">${advice.map(line => html`<li>${line}</li>`)}</ul>
${link && html`<p><a href="${link.url}">${link.words}</a></p>`}
<p style="color:#4a5560;font-size:14px">${footerLines}</p></div></body></html>`)
}
