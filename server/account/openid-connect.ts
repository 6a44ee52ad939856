import { webcrypto } from 'node:crypto'
import * as openid from 'openid-client'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '../platform/config.ts'
import type { IdentityProvider } from '../platform/identity-provider.ts'
import { log } from '../platform/log.ts'
import { identityCallback } from '../web/address.ts'

// OpenID Connect 1.0, code flow, by openid-client: discovery, PKCE, state, nonce, the ID token with its signature
// (docs/decisions/0030). What comes out are checked claims; identity.ts decides whose they are and what they allow.

/** Longest wait for each answer of the provider, seconds. */
const timeout = 5

export type Claims = Readonly<Record<string, unknown>>

/** What the response of the provider is checked against. It stays with us: the browser gets none of it but in the request. */
interface StartedAuthentication {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface AuthenticationRequest {
  /** Seconds since the cardholder authenticated there, at most; 0 asks for it anew. */
  readonly maxAge: number
  readonly language: Language
}

/** Where the browser has to go, and what to keep until it is back. Undefined: the provider does not answer. */
export async function startAuthentication({ maxAge, language }: AuthenticationRequest) {
  return orUndefined(async provider => {
    const client = await discover(provider)
    const started: StartedAuthentication = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      codeVerifier: openid.randomPKCECodeVerifier(),
    }
    const to = openid.buildAuthorizationUrl(client, {
      redirect_uri: redirectURI(),
      scope: 'openid',
      state: started.state,
      nonce: started.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(started.codeVerifier),
      code_challenge_method: 'S256',
      max_age: String(maxAge),
      ui_locales: language,
      ...(provider.strongAcr.length > 0 && { acr_values: provider.strongAcr.join(' ') }),
    })
    return { to: to.href, started }
  })
}

/**
 * The claims of the ID token, once state, issuer, nonce, audience, signature and times are right; undefined when one is not, or
 * the provider is away. `query` is what came to the redirect URI. How long ago the cardholder authenticated is not checked here:
 * by the provider's own clock it decides what the session may do (domain/account/identity.ts).
 */
export async function finishAuthentication(
  query: URLSearchParams,
  { state, nonce, codeVerifier }: StartedAuthentication,
): Promise<Claims | undefined> {
  return orUndefined(async provider => {
    const client = await discover(provider)
    const response = new URL(`?${query}`, redirectURI())
    const tokens = await openid.authorizationCodeGrant(client, response, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
    })
    return tokens.claims()
  })
}

/** Where to sign out at the provider, if it offers that (OpenID Connect RP-Initiated Logout 1.0). It names no person. */
export async function logoutAddress(): Promise<string | undefined> {
  return orUndefined(async provider => {
    const client = await discover(provider)
    const { end_session_endpoint: end } = client.serverMetadata()
    if (end === undefined || new URL(end).protocol !== new URL(provider.issuer).protocol) return undefined
    const leadsBackTo = `${config().publicOrigin}/account/sign-in`
    return openid.buildEndSessionUrl(client, { post_logout_redirect_uri: leadsBackTo }).href
  })
}

function redirectURI(): string {
  return `${config().publicOrigin}${identityCallback}`
}

/** Whatever fails on the way is logged by its code, without a word of what was said. */
async function orUndefined<Result>(
  work: (provider: IdentityProvider) => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const provider = config().identityProvider
  if (!provider) return undefined
  try {
    return await work(provider)
  } catch (error) {
    log.warn('identity-provider.failed', { why: 'protocol', error })
    return undefined
  }
}

async function discover({ issuer, clientId, credential, signingAlgorithm }: IdentityProvider) {
  const metadata = { id_token_signed_response_alg: signingAlgorithm }
  const authentication =
    credential.kind === 'secret'
      ? openid.ClientSecretBasic(credential.secret)
      : openid.PrivateKeyJwt(await importKey(credential))
  return openid.discovery(new URL(issuer), clientId, metadata, authentication, {
    timeout,
    // Without it the signature of an ID token is left to TLS. Plain http exists in the demo alone (platform/identity-provider.ts).
    execute: [openid.enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [])],
  })
}

function importKey({ jwk, algorithm }: Extract<IdentityProvider['credential'], { kind: 'key' }>) {
  const parameters =
    algorithm === 'ES256' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  return webcrypto.subtle.importKey('jwk', jwk, parameters, false, ['sign'])
}
