import type { Journey } from './journey.ts'

export type SignInStep = 'asking' | 'code-sent' | 'signed-in'
export type SignInEvent = 'address-given' | 'passkey-shown' | 'code-right' | 'another-address'

/** Sign-in. Only a code by e-mail leaves a session that looks and does not touch. */
export const signIn: Journey<SignInStep, SignInEvent> = {
  asking: { 'address-given': 'code-sent', 'passkey-shown': 'signed-in' },
  'code-sent': { 'code-right': 'signed-in', 'another-address': 'asking', 'passkey-shown': 'signed-in' },
  'signed-in': {},
}

export type ConfirmStep = 'choosing' | 'code-sent' | 'fresh'
export type ConfirmEvent = 'passkey-shown' | 'code-asked' | 'code-right'

/** Something stronger than an e-mail code, shown by the signed-in cardholder before something is changed. */
export const confirming: Journey<ConfirmStep, ConfirmEvent> = {
  choosing: { 'passkey-shown': 'fresh', 'code-asked': 'code-sent' },
  'code-sent': { 'code-right': 'fresh', 'code-asked': 'code-sent', 'passkey-shown': 'fresh' },
  fresh: {},
}
