import { accountPolicy } from './policy.ts'

/** What a code is for: one of each may be under way in a browser. */
export type ConfirmationPurpose = 'sign-in' | 'enrolment-proof' | 'enrolment-email' | 'confirm'

/** A code that went somewhere and has to come back. Times in milliseconds. */
export interface Confirmation {
  readonly attempts: number
  readonly sends: number
  readonly codeExpiresAt: number
  readonly lastSentAt: number
}

export type Checked =
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'code-wrong'; readonly attemptsLeft: number }
  | { readonly kind: 'code-expired' }
  /** A newer code has replaced it. */
  | { readonly kind: 'code-earlier' }
  /** No code is good any more here: begin again. */
  | { readonly kind: 'tries-spent' }

/** What a submitted code is: the valid one, one that it has replaced (entered for the first time, or once more), or none of these. */
export type Compared = 'valid' | 'earlier' | 'earlier-again' | 'other'

/** What a submitted code does. The attempt was counted before this is asked, and is among `attempts`. */
export function onCode(confirmation: Confirmation, compared: Compared, now: number): Checked {
  if (confirmation.attempts > accountPolicy.codeAttempts) return { kind: 'tries-spent' }
  if (now >= confirmation.codeExpiresAt) return { kind: 'code-expired' }
  if (compared === 'valid') return { kind: 'confirmed' }
  if (compared === 'earlier') return { kind: 'code-earlier' }
  const attemptsLeft = accountPolicy.codeAttempts - confirmation.attempts
  if (attemptsLeft <= 0) return { kind: 'tries-spent' }
  return compared === 'earlier-again' ? { kind: 'code-earlier' } : { kind: 'code-wrong', attemptsLeft }
}

export type Resent = { readonly kind: 'send' } | { readonly kind: 'resend-too-soon' } | { readonly kind: 'sends-spent' }

/** Whether another code may leave. */
export function onResend({ sends, lastSentAt }: Confirmation, now: number): Resent {
  if (now < lastSentAt + accountPolicy.resendAfter) return { kind: 'resend-too-soon' }
  return sends < accountPolicy.codeSends ? { kind: 'send' } : { kind: 'sends-spent' }
}
