import type { Journey } from './journey.ts'

export type SignInStep = 'asking' | 'code-sent' | 'signed-in'
export type SignInEvent = 'address-given' | 'passkey-shown' | 'code-right' | 'another-address'

/** Sign-in. A session begun with an e-mail code only may view the account but not change it. */
export const signIn: Journey<SignInStep, SignInEvent> = {
  asking: { 'address-given': 'code-sent', 'passkey-shown': 'signed-in' },
  'code-sent': { 'code-right': 'signed-in', 'another-address': 'asking', 'passkey-shown': 'signed-in' },
  'signed-in': {},
}

export type ConfirmStep = 'choosing' | 'code-sent' | 'fresh'
export type ConfirmEvent = 'passkey-shown' | 'code-asked' | 'code-right'

/** Strong authentication of a signed-in cardholder before a change. */
export const confirming: Journey<ConfirmStep, ConfirmEvent> = {
  choosing: { 'passkey-shown': 'fresh', 'code-asked': 'code-sent' },
  'code-sent': { 'code-right': 'fresh', 'code-asked': 'code-sent', 'passkey-shown': 'fresh' },
  fresh: {},
}
