import {
  confirmByPasskey,
  finishRegistering,
  signInByPasskey,
  startPasskey,
  startRegistering,
} from '#server/account/passkey-ceremonies.ts'
import { leaveNotice } from '../../../[locale]/account/action.ts'
import { currentActor } from '../../../[locale]/account/actor.ts'
import { hasCookies, keepSession } from '../../../[locale]/account/cookies.ts'
import { device, visitor } from '../../../[locale]/account/visitor.ts'

interface Params {
  readonly params: Promise<{ readonly ceremony: string }>
}

/** The endpoint of the passkey script: first it returns the options, then it takes the authenticator's response. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const { ceremony } = await params
  const form = await request.formData()
  const credential = String(form.get('credential') ?? '')
  // Without cookies the second step could not find the first.
  if (!(await hasCookies())) return answer({ kind: 'cookies-needed' })
  const actor = await currentActor()
  const who = await visitor()
  switch (ceremony) {
    case 'sign-in-options':
      return answer(await startPasskey(who, 'sign-in'))
    case 'sign-in': {
      const signedIn = await signInByPasskey(who, await device(), credential)
      if (signedIn.kind === 'signed-in') await keepSession(signedIn.token)
      return answer({ kind: signedIn.kind })
    }
    case 'confirm-options':
      return answer(await startPasskey(who, 'confirm', actor))
    case 'confirm': {
      const confirmed = actor ? await confirmByPasskey(who, actor, credential) : ({ kind: 'signed-out' } as const)
      if (confirmed.kind === 'fresh') await keepSession(confirmed.token)
      return answer({ kind: confirmed.kind })
    }
    case 'register-options':
      return answer(actor ? await startRegistering(who, actor) : { kind: 'signed-out' })
    case 'register': {
      if (!actor) return answer({ kind: 'signed-out' })
      const registered = await finishRegistering(who, actor, await device(), credential)
      if (registered.kind === 'added') await leaveNotice('passkeys', 'passkey-added')
      return answer(registered)
    }
    default:
      return Response.json({ ok: false, kind: 'unknown' }, { status: 404 })
  }
}

const good = ['options', 'signed-in', 'fresh', 'added']

function answer(result: { readonly kind: string; readonly options?: object }): Response {
  return Response.json({ ok: good.includes(result.kind), ...result })
}
