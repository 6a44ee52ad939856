'use client'

import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from '@simplewebauthn/browser'
import { type FormEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'

export interface PasskeyWords {
  readonly button: string
  readonly working: string
  readonly withoutScripts: string
  readonly unsupported: string
  readonly errors: Readonly<Record<string, string>> & { readonly failed: string }
}

/** The endpoints of each purpose: the first returns the options, the second takes the authenticator's response. */
const endpoints = {
  'sign-in': ['/api/passkeys/sign-in-options', '/api/passkeys/sign-in'],
  confirm: ['/api/passkeys/confirm-options', '/api/passkeys/confirm'],
  register: ['/api/passkeys/register-options', '/api/passkeys/register'],
  'register-device': ['/api/passkeys/confirm-options', '/api/approval/register'],
  answer: ['/api/approval/options', '/api/approval/answer'],
} as const

const noFields = {}

/**
 * A button that signs in, confirms, answers a request, or registers with a passkey. The rest of the page works without
 * it, and without scripts.
 */
export function PasskeyButton({
  purpose,
  to,
  words,
  fields = noFields,
  plain = false,
  describedBy,
  autofill = false,
  children,
}: {
  readonly purpose: keyof typeof endpoints
  /** The page to go to afterwards. */
  readonly to: string
  readonly words: PasskeyWords
  /** Sent with both calls, as are the values of `children`. */
  readonly fields?: Readonly<Record<string, string>>
  readonly plain?: boolean
  readonly describedBy?: string
  /** Also offers passkeys by autofill in the field for the e-mail address. */
  readonly autofill?: boolean
  /** Inputs above the button; they appear with it. */
  readonly children?: ReactNode
}) {
  const [state, setState] = useState<'unknown' | 'unsupported' | 'ready' | 'working'>('unknown')
  const [error, setError] = useState('')
  const alert = useRef<HTMLParagraphElement>(null)
  const form = useRef<HTMLFormElement>(null)

  const run = useCallback(
    async (quietly: boolean) => {
      const [forOptions, forResponse] = endpoints[purpose]
      const typed = form.current ? [...new FormData(form.current)].map(([name, value]) => [name, String(value)]) : []
      const sent = { ...fields, ...Object.fromEntries(typed) }
      const { options } = await post(forOptions, sent)
      const credential =
        purpose === 'register'
          ? await startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON })
          : await startAuthentication({
              optionsJSON: options as PublicKeyCredentialRequestOptionsJSON,
              useBrowserAutofill: quietly,
            })
      await post(forResponse, { ...sent, credential: JSON.stringify(credential) })
      location.assign(to)
    },
    [purpose, to, fields],
  )

  useEffect(() => {
    setState(browserSupportsWebAuthn() ? 'ready' : 'unsupported')
  }, [])

  useEffect(() => {
    if (!autofill || !browserSupportsWebAuthn()) return
    let gone = false
    browserSupportsWebAuthnAutofill().then(supported => {
      // The cardholder did not ask for it, so only a refusal by the server is shown.
      if (supported && !gone) run(true).catch(reason => isRefusal(reason) && setError(explain(reason, words)))
    })
    return () => {
      gone = true
      WebAuthnAbortService.cancelCeremony()
    }
  }, [autofill, run, words])

  useEffect(() => {
    if (error) alert.current?.focus()
  }, [error])

  const press = async (event: FormEvent) => {
    event.preventDefault()
    if (state === 'working') return
    setState('working')
    setError('')
    try {
      await run(false)
    } catch (reason) {
      setError(explain(reason, words))
      setState('ready')
    }
  }

  return (
    <div className="flex flex-col items-start gap-3">
      {error && (
        <p ref={alert} role="alert" tabIndex={-1} className="note warning max-w-[40em]">
          {error}
        </p>
      )}
      {state === 'unknown' && <noscript>{words.withoutScripts}</noscript>}
      {state === 'unsupported' && <p>{words.unsupported}</p>}
      {(state === 'ready' || state === 'working') && (
        <form ref={form} onSubmit={press} noValidate className="flex flex-col items-start gap-3">
          {children}
          <button
            type="submit"
            className={plain ? 'button button-plain px-0' : 'button'}
            aria-describedby={describedBy}
            aria-disabled={state === 'working' || undefined}
          >
            {state === 'working' ? words.working : words.button}
          </button>
        </form>
      )}
    </div>
  )
}

class Refused extends Error {}

interface Answer {
  readonly ok: boolean
  readonly kind: string
  /** Options to register or to authenticate, depending on the purpose. The browser validates them. */
  readonly options?: PublicKeyCredentialCreationOptionsJSON | PublicKeyCredentialRequestOptionsJSON
}

async function post(address: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(address, { method: 'POST', body: new URLSearchParams(fields) })
  const answer = (await response.json()) as Answer
  if (!answer.ok) throw new Refused(answer.kind)
  return answer
}

function isRefusal(reason: unknown): boolean {
  return reason instanceof Refused
}

function explain(reason: unknown, { errors }: PasskeyWords): string {
  if (reason instanceof Refused) return errors[reason.message] ?? errors.failed
  if (reason instanceof WebAuthnError && reason.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return errors.known ?? errors.failed
  // The cardholder closed the browser's dialog, or let it time out.
  if (reason instanceof Error && (reason.name === 'NotAllowedError' || reason.name === 'AbortError'))
    return errors.cancelled ?? errors.failed
  return errors.failed
}
