import { readDraftOnce, saveDraft } from './drafts.ts'
import { type AuthenticationRequest, type Claims, finishAuthentication, startAuthentication } from './openid-connect.ts'

/**
 * The draft that is kept under the browser's visit while it is at the issuer's identity provider: state, nonce, PKCE
 * verifier and return path.
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
  await saveDraft(visit, name, { values: { ...begun.started, leadsTo }, errors: {} })
  return begun.to
}

type Returned =
  | { readonly kind: 'authenticated'; readonly leadsTo: string; readonly claims: Claims }
  | { readonly kind: 'cancelled' | 'failed'; readonly leadsTo: string }

/** Handles the redirect from the provider. A started authentication can be used once, whatever its result. */
export async function returnFromProvider(visit: string | undefined, query: URLSearchParams): Promise<Returned> {
  const kept = visit === undefined ? undefined : await readDraftOnce(visit, name)
  const { leadsTo = '', state, nonce, codeVerifier } = kept?.values ?? {}
  if (query.get('error') === 'access_denied') return { kind: 'cancelled', leadsTo }
  if (!state || !nonce || !codeVerifier) return { kind: 'failed', leadsTo }
  const claims = await finishAuthentication(query, { state, nonce, codeVerifier })
  return claims ? { kind: 'authenticated', leadsTo, claims } : { kind: 'failed', leadsTo }
}
