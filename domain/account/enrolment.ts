import type { Journey } from './journey.ts'

export type EnrolmentStep =
  /** The code of the letter was right; the second proof is asked for. */
  | 'proving'
  /** The cardholder chooses the e-mail address for signing in. */
  | 'addressing'
  /** A code was sent to that address. */
  | 'confirming'
  | 'agreeing'
  | 'enrolled'

export type EnrolmentEvent = 'proven' | 'address-given' | 'another-address' | 'address-confirmed' | 'agreed'

/** Enrolment in online services, after the code of the letter. */
export const enrolment: Journey<EnrolmentStep, EnrolmentEvent> = {
  proving: { proven: 'addressing' },
  addressing: { 'address-given': 'confirming' },
  confirming: { 'address-confirmed': 'agreeing', 'another-address': 'addressing' },
  agreeing: { agreed: 'enrolled' },
  enrolled: {},
}

/** What we have on file about a cardholder when enrolment begins. */
export interface OnFile {
  readonly email: boolean
  readonly mobile: boolean
  /** Both facts that no checkout asks for. */
  readonly facts: boolean
  /** The cardholder enrolled before; the issuer sends a new letter when the mailbox is lost. */
  readonly enrolled: boolean
}

export type Proof = 'sms' | 'email' | 'facts'

/**
 * The second proofs that a cardholder may choose from; if there are none, only the issuer can help. A cardholder who is
 * enrolled already has lost the mailbox, so only the mobile number is offered if there is one.
 */
export function proofsFor({ email, mobile, facts, enrolled }: OnFile): readonly Proof[] {
  if (mobile) return email && !enrolled ? ['sms', 'email'] : ['sms']
  if (email) return ['email']
  return facts ? ['facts'] : []
}
