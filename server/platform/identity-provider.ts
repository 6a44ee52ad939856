import { createPrivateKey, type JsonWebKey } from 'node:crypto'

/** What ID tokens may be signed with; `none` and shared secrets are not among them. */
export const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** An issuer's own identity provider (OpenID Connect), found by its issuer address alone. */
export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly credential:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'key'; readonly jwk: JsonWebKey; readonly algorithm: 'RS256' | 'ES256' }
  /** The claim with the issuer's cardholder id; undefined: the issuer's list says whose a subject is. */
  readonly cardholderClaim: string | undefined
  readonly signingAlgorithm: SigningAlgorithm
  /** Empty: whatever its people sign in with there counts as strong. */
  readonly strongAcr: readonly string[]
  readonly strongAmr: readonly string[]
}

/** The key that stands for us there (private_key_jwt, RFC 7523); undefined when it is none that we can sign with. */
export function readClientKey(pem: string): { jwk: JsonWebKey; algorithm: 'RS256' | 'ES256' } | undefined {
  try {
    const key = createPrivateKey(pem)
    const jwk = key.export({ format: 'jwk' })
    if (key.asymmetricKeyType === 'rsa') return { jwk, algorithm: 'RS256' }
    return jwk.crv === 'P-256' ? { jwk, algorithm: 'ES256' } : undefined
  } catch {
    return undefined
  }
}
