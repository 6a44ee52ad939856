import { accountPolicy } from '#domain/account/policy.ts'
import { signsInHere } from '#server/account/identity.ts'
import { leaveForProvider } from '#server/account/provider-visit.ts'
import { countTry } from '#server/platform/limits.ts'
import { addressOf, signInFor } from '../../../actor.ts'
import { ensureVisit } from '../../../cookies.ts'
import { networkOfReader } from '../../../visitor.ts'
import { returnToOf } from '../../return-to.ts'

interface Params {
  readonly params: Promise<{ readonly locale: string; readonly returnTo?: string[] }>
}

/** Redirects to the issuer's identity provider. Before a change the provider is asked to authenticate again. */
export async function GET(_: Request, { params }: Params): Promise<Response> {
  const { locale: language, returnTo: segments = [] } = await params
  const returnTo = returnToOf([language, ...segments].join('/'))
  const { locale, purpose, to } = returnTo
  if (signsInHere()) return elsewhere(signInFor(locale, to))
  const permission = await countTry('identityFromNetwork', await networkOfReader())
  if (permission.kind === 'limited') return elsewhere(addressOf(locale, 'identity-provider/limited'))
  const maxAge = purpose === 'confirm' ? 0 : accountPolicy.sessionTime / 1000
  const leadsTo = [locale, purpose, to].join('/')
  const address = await leaveForProvider(await ensureVisit(), { maxAge, language: locale }, leadsTo)
  return elsewhere(address ?? addressOf(locale, 'identity-provider/unavailable'))
}

function elsewhere(location: string): Response {
  return new Response(null, { status: 303, headers: { location } })
}
