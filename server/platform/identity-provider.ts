import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import { ConfigError, type Env, list, optionally, read, readText, secret, type Variable, wrong } from './variable.ts'

/** Permitted signature algorithms of ID tokens, without `none` and shared secrets. */
const signingAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** An issuer's own identity provider (OpenID Connect), discovered by its issuer address. */
export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly credential:
    | { readonly kind: 'secret'; readonly secret: string }
    | { readonly kind: 'key'; readonly jwk: JsonWebKey; readonly algorithm: 'RS256' | 'ES256' }
  /** The claim with the issuer's cardholder id; undefined: the issuer's list maps subjects to cardholders. */
  readonly cardholderClaim: string | undefined
  readonly signingAlgorithm: SigningAlgorithm
  /** acr values that are strong authentication. Empty, like `strongAmr`: every sign-in there is strong. */
  readonly strongAcr: readonly string[]
  readonly strongAmr: readonly string[]
}

/** The key that authenticates us to the provider (private_key_jwt, RFC 7523); undefined if we cannot sign with it. */
function readClientKey(pem: string): { jwk: JsonWebKey; algorithm: 'RS256' | 'ES256' } | undefined {
  try {
    const key = createPrivateKey(pem)
    const jwk = key.export({ format: 'jwk' })
    if (key.asymmetricKeyType === 'rsa') return { jwk, algorithm: 'RS256' }
    return jwk.crv === 'P-256' ? { jwk, algorithm: 'ES256' } : undefined
  } catch {
    return undefined
  }
}

export const identityVariables = {
  issuer: {
    name: 'OIDC_ISSUER',
    must: 'be the https issuer address of your identity provider, just as its discovery document says it; left out, cardholders sign in here by code and passkey',
    example: 'https://login.issuer.example',
    fallback: '',
    read: (value: string) =>
      value === '' || (/^https?:\/\/[^?#]+$/.test(value) && URL.canParse(value)) ? value : undefined,
  },
  clientId: {
    name: 'OIDC_CLIENT_ID',
    must: 'be the client id that your identity provider gave this service',
    example: 'safekey',
    read: (value: string) => value.trim() || undefined,
  },
  clientSecret: optionally(secret('OIDC_CLIENT_SECRET', 'be the client secret, 16 characters or more', 16)),
  clientKeyFile: {
    name: 'OIDC_CLIENT_KEY_FILE',
    must: 'be a PEM file with the private key (RSA, or EC on P-256) that stands for this client in place of a secret',
    example: './oidc-key.pem',
    fallback: '',
    read: (value: string) => (value === '' ? '' : readClientKey(readText(value) ?? '')),
  },
  claim: {
    name: 'OIDC_CARDHOLDER_CLAIM',
    must: 'be the claim of the ID token that carries your cardholder id; left out, the list of cards says whose a subject is',
    example: 'cardholder_id',
    fallback: '',
    read: (value: string) => (/^[\w:/.-]{0,100}$/.test(value) && value !== 'email' ? value : undefined),
  },
  algorithm: {
    name: 'OIDC_SIGNING_ALGORITHM',
    must: `be the algorithm of your provider’s ID tokens: ${signingAlgorithms.join(', ')}`,
    example: 'RS256',
    fallback: 'RS256',
    read: (value: string): SigningAlgorithm | undefined => signingAlgorithms.find(known => known === value),
  },
  strongAcr: list('OIDC_STRONG_ACR', 'be the acr values, comma-separated, that count as strong', 'urn:example:loa:2'),
  strongAmr: list('OIDC_STRONG_AMR', 'be the amr values, comma-separated, one of which counts as strong', 'hwk,otp'),
} satisfies Record<string, Variable<unknown>>

/** Reads the settings of an identity provider; undefined, and none are required, if cardholders sign in here. */
export function readIdentityProvider(env: Env, demo: boolean): IdentityProvider | undefined {
  const issuer = read(env, identityVariables.issuer)
  if (issuer === '') return undefined
  if (!demo && !issuer.startsWith('https://')) throw wrong(identityVariables.issuer)
  const clientSecret = read(env, identityVariables.clientSecret)
  const key = read(env, identityVariables.clientKeyFile)
  if ((clientSecret === '') === (key === '')) {
    throw new ConfigError(
      'OIDC_CLIENT_SECRET or OIDC_CLIENT_KEY_FILE must be set, one of them, for example OIDC_CLIENT_KEY_FILE=./oidc-key.pem',
    )
  }
  return {
    issuer,
    clientId: read(env, identityVariables.clientId),
    credential: key === '' ? { kind: 'secret', secret: clientSecret } : { kind: 'key', ...key },
    cardholderClaim: read(env, identityVariables.claim) || undefined,
    signingAlgorithm: read(env, identityVariables.algorithm),
    strongAcr: read(env, identityVariables.strongAcr),
    strongAmr: read(env, identityVariables.strongAmr),
  }
}
