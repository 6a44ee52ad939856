import { isObject } from '#domain/emv/check.ts'
import { parseMessage } from '#domain/emv/codec.ts'
import { config } from '../platform/config.ts'
import { type AuthorisationHost, rangeOf } from '../platform/issuer.ts'
import { log } from '../platform/log.ts'
import { checkAuthenticationValue } from './authentication-value.ts'

/** The authorisation host's request: names and formats are those of the AReq. */
const elements = {
  authenticationValue: /^.{1,100}$/,
  acctNumber: /^\d{13,19}$/,
  purchaseAmount: /^\d{1,48}$/,
  purchaseCurrency: /^\d{3}$/,
  acquirerMerchantID: /^.{1,35}$/,
} as const

type Element = keyof typeof elements

export type Checked =
  | {
      readonly kind: 'checked'
      /** `other-purchase`: made for this card, but for another amount, currency or merchant. */
      readonly result: 'valid' | 'other-purchase' | 'invalid'
      readonly outcome?: 'challenge' | 'frictionless' | 'attempt'
      /** ISO 8601. */
      readonly authenticatedAt?: string
    }
  /** Names of the elements that are missing, duplicated or malformed; empty if the body is not a JSON object. */
  | { readonly kind: 'malformed'; readonly elements: readonly string[] }
  | { readonly kind: 'not-its-range' }

/**
 * Tells the issuer's own authorisation host whether the value in a payment is ours, for this card and this purchase.
 */
export async function answerAuthorisation(body: Uint8Array, host: AuthorisationHost): Promise<Checked> {
  const parsed = parseMessage(body)
  if (parsed.kind === 'unreadable' || !isObject(parsed.message)) return { kind: 'malformed', elements: [] }
  const { message, duplicates } = parsed
  const names = Object.keys(elements) as Element[]
  const wrong = names.filter(name => {
    const value = message[name]
    return duplicates.includes(name) || typeof value !== 'string' || !elements[name].test(value)
  })
  if (wrong.length > 0) return { kind: 'malformed', elements: wrong }
  const text = (name: Element) => String(message[name])

  const range = rangeOf(config().issuer, text('acctNumber'))
  if (!range || !host.ranges.includes(range.id)) return { kind: 'not-its-range' }
  const verification = await checkAuthenticationValue(text('authenticationValue'), text('acctNumber'), {
    amount: text('purchaseAmount'),
    currency: text('purchaseCurrency'),
    merchantID: text('acquirerMerchantID'),
  })
  const fields = { authorisationHost: host.id, outcome: verification.kind }
  if (verification.kind === 'invalid') {
    // A cardholder never sees the value, so an invalid one is a mistake or a forgery.
    log.warn('authentication-value.invalid', fields)
    return { kind: 'checked', result: 'invalid' }
  }
  log.info('authentication-value.checked', fields)
  const { kind: result, outcome, at } = verification
  return { kind: 'checked', result, outcome, authenticatedAt: new Date(at).toISOString() }
}
