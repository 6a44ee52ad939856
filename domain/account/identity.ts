import { isUnicodeText } from '#domain/kernel/text.ts'
import { accountPolicy } from './policy.ts'

/** The claims of a validated ID token: which user of which identity provider, and how they signed in there. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** The issuer's id of the cardholder, if a claim carries it. */
  readonly cardholderRef: string | undefined
  /**
   * Milliseconds between the sign-in there and the token, by the provider's clock; undefined if the token does not say.
   */
  readonly age: number | undefined
  readonly acr: string | undefined
  readonly amr: readonly string[]
}

/**
 * Since when the cardholder has been strongly authenticated; undefined if the session may only view the account. A
 * session at the identity provider that is older than five minutes proves that the cardholder was there once, not that
 * it is the cardholder who is there now.
 */
export function strongSince(
  { age, acr, amr }: Identity,
  wanted: { readonly strongAcr: readonly string[]; readonly strongAmr: readonly string[] },
  now: number,
): number | undefined {
  if (age === undefined || age < 0 || age >= accountPolicy.freshFor) return undefined
  if (wanted.strongAcr.length > 0 && !wanted.strongAcr.includes(acr ?? '')) return undefined
  if (wanted.strongAmr.length > 0 && !amr.some(method => wanted.strongAmr.includes(method))) return undefined
  return now - age
}

/** Reads the claims of an ID token whose signature has been verified. Undefined if a required claim is invalid. */
export function identityFrom(
  claims: Readonly<Record<string, unknown>>,
  { issuer, cardholderClaim }: { readonly issuer: string; readonly cardholderClaim: string | undefined },
): Identity | undefined {
  const { iss, sub, iat, auth_time: authTime, acr, amr } = claims
  if (iss !== issuer || typeof sub !== 'string' || sub === '' || sub.length > 255 || !isUnicodeText(sub))
    return undefined
  const carried = cardholderClaim === undefined ? undefined : claims[cardholderClaim]
  return {
    issuer,
    subject: sub,
    cardholderRef: typeof carried === 'string' && /^[\x21-\x7e]{1,64}$/.test(carried) ? carried : undefined,
    age: typeof iat === 'number' && typeof authTime === 'number' ? (iat - authTime) * 1000 : undefined,
    acr: typeof acr === 'string' ? acr : undefined,
    amr: Array.isArray(amr) ? amr.filter(method => typeof method === 'string') : [],
  }
}
