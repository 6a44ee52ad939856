import { readDraftOnce, saveDraft } from './drafts.ts'
import { type AuthenticationRequest, type Claims, finishAuthentication, startAuthentication } from './openid-connect.ts'

/** What is kept while a browser is at the issuer's identity provider, under its visit: state, nonce, PKCE verifier, way back. */
const name = 'identity-provider'

/** The provider's address to go to; undefined when it does not answer. `leadsTo` comes back with the browser. */
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

/** What the provider sent the browser back with. A start is used once, whatever came of it. */
export async function returnFromProvider(visit: string | undefined, query: URLSearchParams): Promise<Returned> {
  const kept = visit === undefined ? undefined : await readDraftOnce(visit, name)
  const { leadsTo = '', state, nonce, codeVerifier } = kept?.values ?? {}
  if (query.get('error') === 'access_denied') return { kind: 'cancelled', leadsTo }
  if (!state || !nonce || !codeVerifier) return { kind: 'failed', leadsTo }
  const claims = await finishAuthentication(query, { state, nonce, codeVerifier })
  return claims ? { kind: 'authenticated', leadsTo, claims } : { kind: 'failed', leadsTo }
}
