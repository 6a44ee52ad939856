import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { readAnswer } from '#domain/approval/answer.ts'
import { registerDevice } from '#server/account/register-device.ts'
import { answerRequest, assertionOptions } from '#server/approval/answer-request.ts'
import { subscribe } from '#server/approval/subscribe.ts'
import { leaveNotice } from '../../../[locale]/account/action.ts'
import { currentActor } from '../../../[locale]/account/actor.ts'
import { currentApprovalDevice } from '../../../[locale]/account/approve/device.ts'
import { currentApprovalSecret, hasCookies, keepApprovalSecret } from '../../../[locale]/account/cookies.ts'
import { device, visitor } from '../../../[locale]/account/visitor.ts'

interface Params {
  readonly params: Promise<{ readonly step: string }>
}

/** The endpoints that the scripts of an approval device in a browser call. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const { step } = await params
  const form = await request.formData()
  const field = (name: string) => String(form.get(name) ?? '')
  if (step === 'register') return register(field('credential'))
  const registered = await currentApprovalDevice()
  if (!registered) return answer({ kind: 'not-registered' })
  switch (step) {
    case 'options': {
      const read = readAnswer(field('answer'), field('number'))
      if (read.kind !== 'answer') return answer(read)
      const options = await assertionOptions(registered, field('requestId'), read.answer)
      return answer(options ? { kind: 'options', options } : { kind: 'over' })
    }
    case 'answer': {
      const read = readAnswer(field('answer'), field('number'))
      if (read.kind !== 'answer') return answer(read)
      const response = parse(field('credential'))
      if (!response) return answer({ kind: 'failed' })
      const signed = { kind: 'assertion', answer: read.answer, response } as const
      const { kind } = await answerRequest(registered, field('requestId'), signed)
      if (kind === 'signature-bad') return answer({ kind: 'failed' })
      // The cookie lasts as long as the device is used.
      await keepApprovalSecret((await currentApprovalSecret()) ?? '')
      await leaveNotice('approve', `request-${kind}`)
      return answer({ kind: 'answered' })
    }
    case 'subscribe':
      return answer(await subscribe(registered, field('subscription')))
    default:
      return Response.json({ ok: false, kind: 'unknown' }, { status: 404 })
  }
}

async function register(credential: string): Promise<Response> {
  if (!(await hasCookies())) return answer({ kind: 'cookies-needed' })
  const actor = await currentActor()
  if (!actor) return answer({ kind: 'signed-out' })
  const [earlier, { name }] = [await currentApprovalSecret(), await device()]
  const registered = await registerDevice(await visitor(), actor, { name, earlier }, credential)
  if (registered.kind !== 'registered') return answer(registered)
  await keepApprovalSecret(registered.secret)
  await leaveNotice('approve', 'device-added')
  return answer({ kind: 'registered' })
}

/** Checks only that it is an object whose texts are base64url, which is what is stored; the library checks the rest. */
function parse(credential: string): AuthenticationResponseJSON | undefined {
  try {
    const json: unknown = JSON.parse(credential)
    const has = typeof json === 'object' && json !== null && 'id' in json && 'response' in json
    if (!has || typeof json.id !== 'string' || typeof json.response !== 'object' || json.response === null)
      return undefined
    const texts = Object.values(json.response).filter(value => typeof value === 'string')
    return texts.every(text => /^[\w-]*$/.test(text)) ? (json as AuthenticationResponseJSON) : undefined
  } catch {
    return undefined
  }
}

const good = ['options', 'registered', 'answered', 'subscribed']

function answer(result: { readonly kind: string; readonly options?: object }): Response {
  return Response.json({ ok: good.includes(result.kind), ...result })
}
