import type { Instant } from '#domain/kernel/instant.ts'
import { now } from '../platform/clock.ts'
import { readDraftOnce, saveDraft } from './drafts.ts'
import { type AuthenticationRequest, type Claims, finishAuthentication, startAuthentication } from './openid-connect.ts'

/**
 * The draft that is kept under the browser's visit while it is at the issuer's identity provider: state, nonce, PKCE
 * verifier, return path, and when it left.
 */
const name = 'identity-provider'

/**
 * The provider's address to redirect to; undefined if the provider does not respond. `leadsTo` is returned when the
 * browser comes back.
 */
export async function leaveForProvider(
  visit: string,
  request: AuthenticationRequest,
  leadsTo: string,
): Promise<string | undefined> {
  const begun = await startAuthentication(request)
  if (!begun) return undefined
  await saveDraft(visit, name, { values: { ...begun.started, leadsTo, leftAt: String(now()) }, errors: {} })
  return begun.to
}

export interface Authenticated {
  readonly kind: 'authenticated'
  readonly leadsTo: string
  readonly claims: Claims
  /** When the browser left our page, which names the terms that signing in accepts. */
  readonly leftAt: Instant
}

type Returned = Authenticated | { readonly kind: 'cancelled' | 'failed'; readonly leadsTo: string }

/** Handles the redirect from the provider. A started authentication can be used once, whatever its result. */
export async function returnFromProvider(visit: string | undefined, query: URLSearchParams): Promise<Returned> {
  const kept = visit === undefined ? undefined : await readDraftOnce(visit, name)
  const { leadsTo = '', state, nonce, codeVerifier, leftAt } = kept?.values ?? {}
  if (query.get('error') === 'access_denied') return { kind: 'cancelled', leadsTo }
  if (!state || !nonce || !codeVerifier || !leftAt) return { kind: 'failed', leadsTo }
  const claims = await finishAuthentication(query, { state, nonce, codeVerifier })
  return claims ? { kind: 'authenticated', leadsTo, claims, leftAt: Number(leftAt) } : { kind: 'failed', leadsTo }
}
