import { webcrypto } from 'node:crypto'
import * as openid from 'openid-client'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '../platform/config.ts'
import type { IdentityProvider } from '../platform/identity-provider.ts'
import { log } from '../platform/log.ts'
import { identityCallback } from '../web/address.ts'

// OpenID Connect 1.0, code flow, by openid-client: discovery, PKCE, state, nonce, and the ID token with its signature
// (docs/decisions/0030). The result is checked claims; identity.ts decides which cardholder they are about and what
// they allow.

/** The longest wait for each response of the provider, in seconds. */
const timeout = 5

export type Claims = Readonly<Record<string, unknown>>

/**
 * The values that the provider's response is checked against. They are stored on the server; the browser sees only what
 * the authentication request carries of them.
 */
interface StartedAuthentication {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface AuthenticationRequest {
  /** The greatest permitted age of the authentication at the provider, in seconds; 0 requires a new one. */
  readonly maxAge: number
  readonly language: Language
}

/**
 * The address to redirect the browser to, and the values to keep until it returns; undefined if the provider does not
 * respond.
 */
export async function startAuthentication({ maxAge, language }: AuthenticationRequest) {
  return logFailure(async provider => {
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
 * The claims of the ID token, after its state, issuer, nonce, audience, signature and times were checked; undefined if
 * a check fails or the provider does not respond. `query` is the query string of the redirect URI. The age of the
 * authentication is not checked here: by the provider's own clock it decides what the session may do
 * (domain/account/identity.ts).
 */
export async function finishAuthentication(
  query: URLSearchParams,
  { state, nonce, codeVerifier }: StartedAuthentication,
): Promise<Claims | undefined> {
  return logFailure(async provider => {
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

/**
 * The address to sign out at the provider, if it offers that (OpenID Connect RP-Initiated Logout 1.0). It identifies no
 * person.
 */
export async function logoutAddress(): Promise<string | undefined> {
  return logFailure(async provider => {
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

/** Logs any failure by its code only, without the content of a response. */
async function logFailure<Result>(
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
    // Without these checks, an ID token's signature is left to TLS. Only the demo may use plain http
    // (platform/identity-provider.ts).
    execute: [openid.enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [])],
  })
}

function importKey({ jwk, algorithm }: Extract<IdentityProvider['credential'], { kind: 'key' }>) {
  const parameters =
    algorithm === 'ES256' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  return webcrypto.subtle.importKey('jwk', jwk, parameters, false, ['sign'])
}
