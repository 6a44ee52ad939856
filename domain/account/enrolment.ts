import type { Journey } from './journey.ts'

export type EnrolmentStep =
  /** The letter's code was right; the second proof is asked. */
  | 'proving'
  /** Which address will sign in? */
  | 'addressing'
  /** A code went to that address. */
  | 'confirming'
  | 'agreeing'
  | 'enrolled'

export type EnrolmentEvent = 'proven' | 'address-given' | 'another-address' | 'address-confirmed' | 'agreed'

/** Enrolment in online services, from the letter's code on. */
export const enrolment: Journey<EnrolmentStep, EnrolmentEvent> = {
  proving: { proven: 'addressing' },
  addressing: { 'address-given': 'confirming' },
  confirming: { 'address-confirmed': 'agreeing', 'another-address': 'addressing' },
  agreeing: { agreed: 'enrolled' },
  enrolled: {},
}

/** What is on file of a cardholder when a person with the letter comes. */
export interface OnFile {
  readonly email: boolean
  readonly mobile: boolean
  /** Both facts that no checkout asks. */
  readonly facts: boolean
  /** Enrolled before: a new letter, for the mailbox is lost. */
  readonly enrolled: boolean
}

export type Proof = 'sms' | 'email' | 'facts'

/**
 * The second proofs that a cardholder may choose from; none: only the issuer can help. A cardholder who is enrolled already has
 * lost the mailbox, so the number counts where there is one.
 */
export function proofsFor({ email, mobile, facts, enrolled }: OnFile): readonly Proof[] {
  if (mobile) return email && !enrolled ? ['sms', 'email'] : ['sms']
  if (email) return ['email']
  return facts ? ['facts'] : []
}
