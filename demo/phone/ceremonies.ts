import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Language } from '../language.ts'
import type { Phone } from './phone.ts'

export type Ceremony = 'sign-in' | 'confirm' | 'register' | 'register-device' | 'answer' | 'notify'

/**
 * What the page's own script would offer. Scripts do not run here: the phone's buttons do their part, in the order in
 * which a script does it.
 */
export interface Offer {
  readonly ceremony: Ceremony
  /** The page to which the script leads afterwards. */
  readonly to: string
  /** What the script gets from its page: the request to answer, or the key of the sender of pushes. */
  readonly requestId?: string
  readonly applicationServerKey?: string
}

/** The product's answer to a script. */
interface Answer {
  readonly ok: boolean
  readonly kind: string
  readonly options?: unknown
}

/** The endpoints of a ceremony with a passkey: the first returns the options, the second takes the response. */
const endpoints = {
  'sign-in': ['/api/passkeys/sign-in-options', '/api/passkeys/sign-in'],
  confirm: ['/api/passkeys/confirm-options', '/api/passkeys/confirm'],
  register: ['/api/passkeys/register-options', '/api/passkeys/register'],
  'register-device': ['/api/passkeys/confirm-options', '/api/approval/register'],
  answer: ['/api/approval/options', '/api/approval/answer'],
} as const

/** What the script of a page of the product offers; undefined if the page has none that the phone knows. */
export function offerOf(path: string, markup: string, isSubscribed: boolean): Offer | undefined {
  const [, language, page, to = ''] =
    /^\/(ja|en)\/account\/(sign-in|confirm|passkeys|devices|approve)(?:\/([\w/-]+))?$/.exec(path) ?? []
  switch (page) {
    case 'sign-in':
    case 'confirm':
      return { ceremony: page, to: `/${language}/account${to && `/${to}`}` }
    case 'passkeys':
      return { ceremony: 'register', to: path }
    case 'devices':
      return given(markup, 'purpose') === 'register-device'
        ? { ceremony: 'register-device', to: `/${language}/account/approve` }
        : undefined
    case 'approve':
      return offerOfDevice(path, markup, isSubscribed)
    default:
      return undefined
  }
}

function offerOfDevice(path: string, markup: string, isSubscribed: boolean): Offer | undefined {
  const requestId = given(markup, 'requestId')
  if (requestId) return { ceremony: 'answer', to: path, requestId }
  const applicationServerKey = given(markup, 'applicationServerKey')
  return applicationServerKey && !isSubscribed ? { ceremony: 'notify', to: path, applicationServerKey } : undefined
}

/** A value that the server passes to a script of the page, in the data at the page's end. */
function given(markup: string, name: string): string | undefined {
  return new RegExp(`\\\\"${name}\\\\":\\\\"([\\w-]+)\\\\"`).exec(markup)?.[1]
}

/** How the owner of the phone answers a request. */
export interface Answering {
  readonly answer: string
  readonly number: string
}

/** Does on the phone what the page's script does in a browser. `answering`: for the ceremony `answer`. */
export async function performCeremony(
  phone: Phone,
  offer: Offer,
  language: Language,
  answering: Answering = { answer: '', number: '' },
): Promise<'done' | 'refused'> {
  const { browser, authenticator, origin } = phone
  const { ceremony, requestId = '', applicationServerKey = '' } = offer
  const post = async (path: string, fields: Record<string, string>) =>
    (await browser.post(path, fields, language)) as Answer
  if (ceremony === 'notify') {
    const subscription = JSON.stringify(phone.subscribe(applicationServerKey))
    const { ok } = await post('/api/approval/subscribe', { subscription })
    if (!ok) phone.unsubscribe()
    return ok ? 'done' : 'refused'
  }
  const [forOptions, forResponse] = endpoints[ceremony]
  const sent = { requestId, ...answering }
  const { ok, options } = await post(forOptions, sent)
  if (!ok) return 'refused'
  const credential =
    ceremony === 'register'
      ? authenticator.create(options as PublicKeyCredentialCreationOptionsJSON, origin)
      : authenticator.get(options as PublicKeyCredentialRequestOptionsJSON, origin)
  const answer = await post(forResponse, { ...sent, credential: JSON.stringify(credential) })
  phone.memory.save()
  return answer.ok ? 'done' : 'refused'
}
