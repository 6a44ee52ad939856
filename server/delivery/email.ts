import { createTransport, type Transporter } from 'nodemailer'
import type { Purchase } from '#db/schema.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { merchantNameForMessage } from '#domain/challenge/merchant-name.ts'
import { formatAmount } from '#domain/challenge/purchase.ts'
import { escapeHtml } from '../escape-html.ts'
import { config } from '../platform/config.ts'
import { words } from '../words.ts'

/** A code on its way by e-mail; sealed in the outbox until it is handed over. */
export interface CodeEmail {
  readonly to: string
  readonly language: Language
  readonly code: string
  readonly purchase: Purchase
  readonly lastFour: string
  /** Milliseconds for which the code is good when it is sent. */
  readonly lifetime: number
}

export type HandedOver =
  | { readonly kind: 'handed-over' }
  /** The gateway is down, slow, or says "later". */
  | { readonly kind: 'later' }
  /** The gateway will never take this message. */
  | { readonly kind: 'never' }

export interface EmailText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Writes the message: merchant and amount stand before the code, for whoever relays it should have read what it pays. */
export function writeCodeEmail(email: CodeEmail): EmailText {
  const { language, code, lastFour } = email
  const { brand } = config().issuer
  const say = words(language)
  const service = brand.service
  const merchant = merchantNameForMessage(email.purchase.merchantName) || say('email.unnamedMerchant')
  const { amount, currency, exponent } = email.purchase
  const price = amount && currency && exponent && formatAmount(amount, currency, exponent, language)
  const minutes = Math.floor(email.lifetime / 60_000)

  const summary = price
    ? say('email.code', { service, merchant, amount: price, code, minutes })
    : say('email.codeWithoutAmount', { service, merchant, code, minutes })
  const facts: readonly (readonly [string, string])[] = [
    [say('email.merchant'), merchant],
    ...(price ? [[say('email.amount'), price] as const] : []),
    [say('email.card'), say('email.cardEnding', { lastFour })],
    [say('email.codeLabel'), code],
  ]
  const advice = [say('email.valid', { minutes }), say('email.compare'), say('email.secret'), say('email.notYou')]
  const from = say('email.from', { issuer: brand.issuer[language], service })
  const footer = [from, brand.support[language], say('email.noReply')]
  return {
    subject: say('email.subject', { service }),
    text: [summary, '', ...facts.map(([name, value]) => `${name}: ${value}`), '', ...advice, '', ...footer, ''].join(
      '\n',
    ),
    html: page(language, say('email.heading'), summary, facts, advice, footer, brand.accent),
  }
}

/** Plain HTML without addresses, pictures or scripts: nothing to load, nothing to tap. */
function page(
  language: Language,
  heading: string,
  summary: string,
  facts: readonly (readonly [string, string])[],
  advice: readonly string[],
  footer: readonly string[],
  accent: string,
): string {
  const rows = facts.map(
    ([name, value], index) =>
      `<tr><th scope="row" style="text-align:left;font-weight:normal;padding:4px 16px 4px 0;color:#4a5560">${escapeHtml(name)}</th>` +
      `<td style="padding:4px 0;${index === facts.length - 1 ? 'font-size:24px;letter-spacing:.15em;font-weight:bold' : ''}">${escapeHtml(value)}</td></tr>`,
  )
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(heading)}</title></head>`,
    `<body style="margin:0;padding:24px;background:#ffffff;color:#1a2226;font:16px/1.75 'Hiragino Sans','Noto Sans JP','Yu Gothic',system-ui,sans-serif">`,
    `<div style="max-width:36em;border-top:4px solid ${accent};padding-top:16px">`,
    `<h1 style="font-size:20px;margin:0 0 12px">${escapeHtml(heading)}</h1><p>${escapeHtml(summary)}</p>`,
    `<table role="presentation" style="border-collapse:collapse;margin:16px 0">${rows.join('')}</table>`,
    `<ul style="padding-left:1.2em">${advice.map(line => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
    `<p style="color:#4a5560;font-size:14px">${footer.map(escapeHtml).join('<br>')}</p></div></body></html>`,
  ].join('\n')
}

let transport: Transporter | undefined

/** Hands a message to the mail server. Never throws; `id` makes a second hand-over of the same message recognisable. */
export async function sendEmail(email: CodeEmail, id: string): Promise<HandedOver> {
  const { sender } = config().issuer.brand
  transport ??= createTransport({
    url: config().smtpURL,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 15_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0])
  try {
    await transport.sendMail({
      from: sender,
      to: { name: '', address: email.to },
      messageId: `<${id}@${sender.address.split('@')[1] ?? 'localhost'}>`,
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        'Content-Language': email.language,
      },
      ...writeCodeEmail(email),
    })
    return { kind: 'handed-over' }
  } catch (error) {
    return isFinal(error) ? { kind: 'never' } : { kind: 'later' }
  }
}

/** 5xx to the recipient or the content: the same message would be refused again. */
function isFinal(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: unknown; command?: unknown }
  return typeof responseCode === 'number' && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
}
