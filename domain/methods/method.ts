import type { Compared } from '#domain/code/one-time-code.ts'
import type { Channel, CodeRecipients, Restriction } from '#domain/contact/code-recipients.ts'
import type { AuthenticationElements } from '#domain/emv/authentication-method.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { Instant } from '#domain/kernel/instant.ts'

// An authentication method, as the rules see it. Where a new one is registered: registry.ts, server/methods/registry.ts and
// the views in app/acs/challenge/[key]/methods/registry.tsx.

/** What a cardholder has shown who succeeds by a method. */
type Proves = 'mailbox' | 'phone-number' | 'device' | 'verified-user'

/** What decides whether a method may be offered. What a method needs from outside the rules it says itself (server/methods). */
interface MethodFacts {
  /** Where a code may go now. */
  readonly recipients: CodeRecipients
  /** Why the account is restricted, if it is. */
  readonly restriction: Restriction | undefined
}

export type Available = { readonly kind: 'available' } | { readonly kind: 'unavailable'; readonly reason: Unavailable }
export type Unavailable = 'no-recipient' | 'restricted'

/** What a method has begun: until when it can be answered, where it ends sooner than its page. */
interface Begun {
  readonly expiresAt: Instant | undefined
}

/** What is known of a proof that an answer is for. Tries are shared by all methods of a challenge, and counted before comparing. */
export interface Proof {
  readonly attempts: number
  readonly expiresAt: Instant | undefined
}

/** What happens to a proof. */
export type ProofEvent =
  /** What was entered cannot be an answer, so it was not compared. */
  | { readonly kind: 'unreadable'; readonly why: 'missing' | 'malformed' }
  /** Nothing could be compared any more. */
  | { readonly kind: 'late' }
  | { readonly kind: 'compared'; readonly compared: Compared }
  /** The right answer, of a method that may not be used any more since it was begun. */
  | { readonly kind: 'withdrawn' }
  /** The answer came from elsewhere. */
  | { readonly kind: 'approved' }
  | { readonly kind: 'declined' }
  /** The cardholder goes on, and no answer is there. */
  | { readonly kind: 'missed' }

export interface Proved {
  readonly kind: 'proved'
  readonly outcome: Extract<Outcome, 'authenticated' | 'approved'>
}

export interface Failed {
  readonly kind: 'failed'
  readonly outcome: Extract<Outcome, 'declined' | 'tries-spent'>
  /** One more wrong answer in a row of the card. */
  readonly wrong: boolean
}

export interface Retry<Notice> {
  readonly kind: 'retry'
  readonly notice: Notice
  /** `wrong`: the try is spent, and the card has one more wrong answer in a row; `free`: it was counted and is given back. */
  readonly attempt: 'none' | 'spent' | 'wrong' | 'free'
}

/** What was entered in the window, as far as it can be an answer. */
export type Entered = { readonly kind: 'answer'; readonly answer: string } | Extract<ProofEvent, { kind: 'unreadable' }>

interface Common<Notice> {
  readonly proves: Proves
  /** The key of the method where an app's SDK draws the choice (EMV 3DS challengeSelectInfo): at most four characters. */
  readonly selectKey: string
  emv(version: MessageVersion): AuthenticationElements
  available(facts: MethodFacts): Available
  /** `deadlineAt`: when the page times out. */
  begin(now: Instant, deadlineAt: Instant): Begun
  on(proof: Proof, event: ProofEvent, now: Instant): Proved | Failed | Retry<Notice>
}

/** Answered in the window itself. */
export interface InWindow<Notice> extends Common<Notice> {
  readonly answered: 'in-window'
  /** The contact that a code is sent to: such methods can be asked together, and share the limits of codes sent. */
  readonly channel?: Channel
  read(entered: string): Entered
}

/** Answered elsewhere while the window waits. */
interface OutOfBand<Notice> extends Common<Notice> {
  readonly answered: 'out-of-band'
  readonly channel?: undefined
}

/** `Notice`: what the window says where it asks again. Words are in messages/ under `challenge.notice`. */
export type Method<Notice extends string = string> = InWindow<Notice> | OutOfBand<Notice>

export const available: Available = { kind: 'available' }

export function unavailable(reason: Unavailable): Available {
  return { kind: 'unavailable', reason }
}
