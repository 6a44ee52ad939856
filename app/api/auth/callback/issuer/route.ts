import { identityFrom } from '#domain/account/identity.ts'
import { confirmByIdentity, signInByIdentity } from '#server/account/identity.ts'
import { type Authenticated, returnFromProvider } from '#server/account/provider-visit.ts'
import { endSession, type SessionToken } from '#server/account/sessions.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, currentActor } from '../../../../[locale]/account/actor.ts'
import { currentVisit, keepSession } from '../../../../[locale]/account/cookies.ts'
import { type ReturnTo, returnToOf } from '../../../../[locale]/account/identity-provider/return-to.ts'
import { device } from '../../../../[locale]/account/visitor.ts'

/** The redirect from the issuer's identity provider. Every result leads to a page in the reader's language. */
export async function GET(request: Request): Promise<Response> {
  const returned = await returnFromProvider(await currentVisit(), new URL(request.url).searchParams)
  const returnTo = returnToOf(returned.leadsTo)
  const page = returned.kind === 'authenticated' ? await goOn(returnTo, returned) : `identity-provider/${returned.kind}`
  return new Response(null, { status: 303, headers: { location: addressOf(returnTo.locale, page) } })
}

async function goOn({ purpose, to }: ReturnTo, { claims, leftAt }: Authenticated): Promise<string> {
  const provider = config().identityProvider
  const identity = provider && identityFrom(claims, provider)
  if (!identity) return 'identity-provider/failed'
  const actor = await currentActor()
  if (purpose === 'confirm' && actor) {
    const confirmed = await confirmByIdentity(actor, identity)
    return confirmed.kind === 'fresh' ? enter(confirmed.token, to) : `identity-provider/${confirmed.kind}`
  }
  const signedIn = await signInByIdentity(await device(), identity, leftAt)
  if (signedIn.kind !== 'signed-in') return `identity-provider/${signedIn.kind}`
  if (actor) await endSession(actor, actor.sessionId)
  return enter(signedIn.token, to)
}

async function enter(token: SessionToken, to: string): Promise<string> {
  await keepSession(token)
  return to
}
