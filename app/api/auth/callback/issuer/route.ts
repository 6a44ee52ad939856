import { cookies } from 'next/headers'
import { identityFrom } from '#domain/account/identity.ts'
import { confirmByIdentity, signInByIdentity } from '#server/account/identity.ts'
import { endSession, type SessionToken } from '#server/account/sessions.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, currentActor } from '../../../../[locale]/account/actor.ts'
import { keepSession, takeWay } from '../../../../[locale]/account/cookies.ts'
import { finishAtProvider, spentCookies } from '../../../../[locale]/account/identity-provider/protocol.ts'
import { type Way, wayOf } from '../../../../[locale]/account/identity-provider/way.ts'
import { device } from '../../../../[locale]/account/visitor.ts'

/** Back from the issuer's identity provider. Whatever it says, a page in the reader's language comes of it. */
export async function GET(request: Request): Promise<Response> {
  const way = wayOf(await takeWay())
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const page = await goOn(way, query)
  const spent = spentCookies().map(cookie => ['set-cookie', cookie] as [string, string])
  return new Response(null, { status: 303, headers: [['location', addressOf(way.locale, page)], ...spent] })
}

async function goOn({ purpose, to }: Way, query: Readonly<Record<string, string>>): Promise<string> {
  const provider = config().identityProvider
  if (!provider) return ''
  if (query.error === 'access_denied') return 'identity-provider/cancelled'
  const kept = (await cookies()).getAll().map(({ name, value }) => [name, value] as const)
  const claims = await finishAtProvider(query, Object.fromEntries(kept))
  const identity = claims && identityFrom(claims, provider)
  if (!identity) return 'identity-provider/failed'
  const actor = await currentActor()
  if (purpose === 'confirm' && actor) {
    const confirmed = await confirmByIdentity(actor, identity)
    return confirmed.kind === 'fresh' ? enter(confirmed.token, to) : `identity-provider/${confirmed.kind}`
  }
  const signedIn = await signInByIdentity(await device(), identity)
  if (signedIn.kind !== 'signed-in') return `identity-provider/${signedIn.kind}`
  if (actor) await endSession(actor, actor.sessionId)
  return enter(signedIn.token, to)
}

async function enter(token: SessionToken, to: string): Promise<string> {
  await keepSession(token)
  return to
}
