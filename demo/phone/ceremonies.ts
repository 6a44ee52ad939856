import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Language } from '../language.ts'
import type { Phone } from './phone.ts'

export type Ceremony = 'sign-in' | 'confirm' | 'register'

/**
 * What the page's own script would offer. Scripts do not run here: the phone's buttons do their part, in the order in
 * which a script does it.
 */
export interface Offer {
  readonly ceremony: Ceremony
  /** The page to which the script leads afterwards. */
  readonly to: string
}

/** The product's answer to a script. */
interface Answer {
  readonly ok: boolean
  readonly kind: string
  readonly options?: unknown
}

/** What the script of a page of the product offers; undefined if the page has none that the phone knows. */
export function offerOf(path: string): Offer | undefined {
  const [, language, page, to = ''] =
    /^\/(ja|en)\/account\/(sign-in|confirm|passkeys)(?:\/([\w/-]+))?$/.exec(path) ?? []
  if (page === undefined) return undefined
  if (page === 'passkeys') return { ceremony: 'register', to: path }
  return { ceremony: page === 'confirm' ? 'confirm' : 'sign-in', to: `/${language}/account${to && `/${to}`}` }
}

/** Does with a passkey of the phone what the page's script does with one of the browser. */
export async function performCeremony(
  phone: Phone,
  ceremony: Ceremony,
  language: Language,
): Promise<'done' | 'refused'> {
  const { browser, authenticator, origin } = phone
  const post = async (path: string, fields: Record<string, string> = {}) =>
    (await browser.post(path, fields, language)) as Answer
  const { ok, options } = await post(`/api/passkeys/${ceremony}-options`)
  if (!ok) return 'refused'
  const credential =
    ceremony === 'register'
      ? authenticator.create(options as PublicKeyCredentialCreationOptionsJSON, origin)
      : authenticator.get(options as PublicKeyCredentialRequestOptionsJSON, origin)
  const answer = await post(`/api/passkeys/${ceremony}`, { credential: JSON.stringify(credential) })
  phone.memory.save()
  return answer.ok ? 'done' : 'refused'
}
