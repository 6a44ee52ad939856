import NextAuth, { type NextAuthOptions } from 'next-auth'
import type { Language } from '#domain/challenge/machine.ts'
import { config } from '#server/platform/config.ts'
import { newToken, sha256 } from '#server/platform/crypto.ts'
import type { IdentityProvider } from '#server/platform/identity-provider.ts'
import { log } from '#server/platform/log.ts'
import { sessionSecrets } from '../session-secrets.ts'

// OpenID Connect by next-auth: discovery, PKCE, state, nonce, the check of the ID token. Its routes and its session are
// not used: what comes out here are checked claims, and our own use cases go on with them (docs/decisions/0011).

const id = 'issuer'
const flowCookies = {
  state: '__Host-safekey-idp-state',
  nonce: '__Host-safekey-idp-nonce',
  pkceCodeVerifier: '__Host-safekey-idp-pkce',
} as const

/** Longest wait for the provider, milliseconds. */
const patience = 5000

export type Claims = Readonly<Record<string, unknown>>

export interface Asked {
  /** Seconds since its owner signed in there, at most; 0 asks for it anew. */
  readonly maxAge: number
  readonly language: Language
}

/** Where the browser has to go, with the cookies it takes along. Undefined: the provider does not answer. */
export async function beginAtProvider(asked: Asked): Promise<{ to: string; cookies: string[] } | undefined> {
  const provider = config().identityProvider
  if (!provider) return undefined
  const [secret = ''] = await sessionSecrets()
  // next-auth takes a start only with its own token against forgery; whoever asks us has followed a link of our page.
  const csrfToken = newToken()
  const csrf = { '__Host-next-auth.csrf-token': `${csrfToken}|${sha256(`${csrfToken}${secret}`).toString('hex')}` }
  const answer = await run(optionsFor(provider, secret), {
    method: 'POST',
    query: {
      nextauth: ['signin', id],
      max_age: String(asked.maxAge),
      ui_locales: asked.language,
      ...(provider.strongAcr.length > 0 && { acr_values: provider.strongAcr.join(' ') }),
    },
    cookies: csrf,
    body: { csrfToken },
  })
  return answer.cookies.length === 3 && URL.canParse(answer.to) ? answer : undefined
}

/**
 * What the provider sent back, by its query and the cookies of this browser. Undefined when anything is not as it must be:
 * state, nonce, audience, signature, time, or the provider is away.
 */
export async function finishAtProvider(
  query: Readonly<Record<string, string>>,
  cookies: Readonly<Record<string, string>>,
): Promise<Claims | undefined> {
  const provider = config().identityProvider
  if (!provider) return undefined
  const [secret = ''] = await sessionSecrets()
  let claims: Claims | undefined
  const options = optionsFor(provider, secret)
  options.callbacks = {
    signIn: ({ profile }) => {
      claims = profile as Claims | undefined
      return config().publicOrigin
    },
  }
  await run(options, { method: 'GET', query: { ...query, nextauth: ['callback', id] }, cookies, body: undefined })
  return claims
}

/** The cookies of a way there, taken back: a state is good once, whatever came of it. */
export function spentCookies(): string[] {
  return Object.values(flowCookies).map(name => `${name}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`)
}

/** Where to sign out at the provider, if it offers that (OpenID Connect RP-Initiated Logout 1.0). Nothing of a person is in it. */
export async function logoutAtProvider(): Promise<string | undefined> {
  const { identityProvider: provider, publicOrigin } = config()
  if (!provider) return undefined
  try {
    const signal = AbortSignal.timeout(patience)
    const found: unknown = await (await fetch(wellKnown(provider), { signal, redirect: 'error' })).json()
    const { end_session_endpoint: end } = found as { readonly end_session_endpoint?: unknown }
    if (typeof end !== 'string' || new URL(end).protocol !== new URL(provider.issuer).protocol) return undefined
    const address = new URL(end)
    address.searchParams.set('client_id', provider.clientId)
    address.searchParams.set('post_logout_redirect_uri', `${publicOrigin}/account/sign-in`)
    return address.href
  } catch (error) {
    log.warn('identity-provider.failed', { why: 'discovery', error })
    return undefined
  }
}

function wellKnown({ issuer }: IdentityProvider): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

function optionsFor(provider: IdentityProvider, secret: string): NextAuthOptions {
  const { clientId, credential, signingAlgorithm } = provider
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure: true } as const
  const named = Object.entries(flowCookies).map(([use, name]) => [use, { name, options }])
  return {
    secret,
    useSecureCookies: true,
    cookies: Object.fromEntries(named),
    providers: [
      {
        id,
        name: id,
        type: 'oauth',
        wellKnown: wellKnown(provider),
        authorization: { params: { scope: 'openid' } },
        idToken: true,
        checks: ['pkce', 'state', 'nonce'],
        clientId,
        ...(credential.kind === 'secret' && { clientSecret: credential.secret }),
        client: {
          id_token_signed_response_alg: signingAlgorithm,
          ...(credential.kind === 'key' && {
            token_endpoint_auth_method: 'private_key_jwt',
            token_endpoint_auth_signing_alg: credential.algorithm,
          }),
        },
        ...(credential.kind === 'key' && {
          jwks: { keys: [{ ...credential.jwk, alg: credential.algorithm, use: 'sig' }] as never },
        }),
        httpOptions: { timeout: patience },
        profile: (claims: { readonly sub: string }) => ({ id: claims.sub }),
      },
    ],
    logger: {
      error: (why, metadata) =>
        log.warn('identity-provider.failed', { why, error: metadata instanceof Error ? metadata : metadata.error }),
      warn: () => {},
      debug: () => {},
    },
  }
}

interface Call {
  readonly method: 'GET' | 'POST'
  readonly query: Readonly<Record<string, string | string[]>>
  readonly cookies: Readonly<Record<string, string>>
  readonly body: object | undefined
}

/** Runs next-auth without a server around it: what it would answer is looked at instead of sent. */
async function run(options: NextAuthOptions, call: Call): Promise<{ to: string; cookies: string[] }> {
  const headers = new Map<string, unknown>()
  const answer = {
    status: () => answer,
    setHeader: (name: string, value: unknown) => {
      headers.set(name.toLowerCase(), value)
      return answer
    },
    getHeader: (name: string) => headers.get(name.toLowerCase()),
    end: () => {},
    json: () => {},
    send: () => {},
  }
  try {
    await NextAuth({ ...call, headers: {} } as never, answer as never, options)
  } catch (error) {
    log.warn('identity-provider.failed', { why: 'next-auth', error })
  }
  const set = (headers.get('set-cookie') as string[] | undefined) ?? []
  const names = Object.values(flowCookies)
  return {
    to: String(headers.get('location') ?? ''),
    cookies: set.filter(line => names.some(name => line.startsWith(`${name}=`))),
  }
}
