import { Refused } from '../http-server.ts'
import type { Language } from '../language.ts'
import { type Purchase, whileAway } from './areq.ts'
import { cardholderNameOf } from './cards.ts'
import {
  type Currency,
  currencies,
  type Message,
  type Presentation,
  presentations,
  type WindowSize,
  whereabouts,
  windowSizes,
} from './order.ts'

export interface OrderRequest extends Purchase {
  product: string | null
  windowSize: WindowSize
  presentation: Presentation
  /** Fields that override those of the AReq; null removes one. */
  areq: Message
}

type Body = Readonly<Record<string, unknown>>

/** The shop's names in the two languages. */
const shopName: Record<Language, string> = { ja: 'ことり商店', en: 'Kotori Store' }

/**
 * Reads `POST /api/orders`. `card`, `amount` and `currency` must be given; the first wrong field is refused by name.
 */
export function readOrderRequest(body: Body): OrderRequest {
  const locale = oneOf(body, 'locale', ['ja', 'en'], 'ja')
  const windowSize = oneOf(body, 'windowSize', windowSizes, '02')
  const card = text(body, 'card').replace(/[ -]/g, '')
  if (!/^\d{13,19}$/.test(card)) throw refuse('card', 'must be 13 to 19 digits')
  return {
    card,
    cardholderName: cardholderNameOf(card),
    amount: readAmount(body.amount),
    currency: readCurrency(body.currency),
    locale,
    challengeInd: matching(body, 'challengeInd', /^\d{2}$/, '01', 'two digits, such as 01 or 04'),
    windowSize,
    messageVersion: matching(
      body,
      'messageVersion',
      /^\d\.\d\.\d(\.\d)?$/,
      '2.2.0',
      'a version, such as 2.1.0, 2.2.0 or 2.3.1',
    ),
    presentation: oneOf(body, 'presentation', presentations, windowSize === '05' ? 'page' : 'iframe'),
    merchantName: matching(body, 'merchantName', /^.{1,40}$/u, shopName[locale], '1 to 40 characters'),
    email: body.email === undefined ? undefined : text(body, 'email'),
    product: null,
    areq: { ...(oneOf(body, 'cardholder', whereabouts, 'here') === 'away' && whileAway), ...readFields(body.areq) },
  }
}

/** A number, or its digits as text, as AReqs write amounts. */
function readAmount(value: unknown): number {
  const amount = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 1)
    throw refuse('amount', 'must be a whole number of minor units, 1 or more')
  return amount
}

function readCurrency(value: unknown): Currency {
  const currency = currencies.find(({ code, number }) => value === code || value === number)
  if (!currency) throw refuse('currency', 'must be JPY, USD, 392 or 840')
  return currency
}

function readFields(value: unknown): Message {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('areq', 'must be an object of AReq fields')
  return value as Message
}

function oneOf<const Choice extends string>(
  body: Body,
  name: string,
  choices: readonly Choice[],
  otherwise: NoInfer<Choice>,
): Choice {
  if (body[name] === undefined) return otherwise
  const choice = choices.find(each => each === body[name])
  if (choice === undefined) throw refuse(name, `must be one of ${choices.join(', ')}`)
  return choice
}

function matching(body: Body, name: string, pattern: RegExp, otherwise: string, what: string): string {
  if (body[name] === undefined) return otherwise
  const value = body[name]
  if (typeof value !== 'string' || !pattern.test(value)) throw refuse(name, `must be ${what}`)
  return value
}

function text(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw refuse(name, 'must be a text that is not empty')
  return value
}

function refuse(field: string, sentence: string): Refused {
  return new Refused(400, `${field} ${sentence}.`, field)
}
