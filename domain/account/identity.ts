import { isUnicodeText } from '#domain/kernel/text.ts'
import { accountPolicy } from './policy.ts'

/** What an ID token says that was checked already: who, at whom, and how its owner signed in there. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** The issuer's own id of the cardholder, where a claim carries it. */
  readonly cardholderRef: string | undefined
  /** Between signing in there and the token, by their clock alone, milliseconds; undefined where it does not say. */
  readonly age: number | undefined
  readonly acr: string | undefined
  readonly amr: readonly string[]
}

/**
 * Since when the cardholder is strongly authenticated; undefined: may look, not touch. A session at the identity provider
 * that is older than five minutes says that a person was there once, not that it is they who sit here now.
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

/** Reads the claims of a checked ID token; undefined when it is nonsense all the same. */
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
