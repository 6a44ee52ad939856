import type { CodeEntry, Pushing } from '#domain/challenge/card-limits.ts'
import type { Compared } from '#domain/code/one-time-code.ts'
import type { Channel, CodeRecipients, Restriction } from '#domain/contact/code-recipients.ts'
import type { AuthenticationElements } from '#domain/emv/authentication-method.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import type { RegistrationAnswer } from '#domain/registration/answer.ts'

// The interface of an authentication method. A new method is registered in registry.ts, server/methods/registry.ts and,
// for its views, app/acs/challenge/[key]/methods/registry.tsx.

/** What a cardholder proves by succeeding with a method. */
type Proves = 'mailbox' | 'phone-number' | 'device' | 'verified-user'

/**
 * Facts that decide whether a method may be offered. What a method needs beyond these facts it looks up itself
 * (server/methods).
 */
export interface MethodFacts {
  /** The contacts to which a code may be sent now. */
  readonly recipients: CodeRecipients
  /** Why the account is restricted; undefined if it is not. */
  readonly restriction: Restriction | undefined
  /** Whether the limits of the card permit codes, and requests on devices; left out where they are not looked up. */
  readonly codes?: CodesNow
  readonly pushes?: PushesNow
}

/** `flooded`: no code may be sent; otherwise none may be entered. */
export type CodesNow = CodeEntry['kind'] | 'flooded'
export type PushesNow = Pushing['kind']

export type Available = { readonly kind: 'available' } | { readonly kind: 'unavailable'; readonly reason: Unavailable }
export type Unavailable = 'no-recipient' | 'has-contact' | 'restricted' | 'limited' | 'not-on-device'

/** The result of beginning a method: when its answer expires, if that is before the page times out. */
interface Begun {
  readonly expiresAt: Instant | undefined
}

/**
 * The proof that an answer belongs to. All methods of a challenge share one count of attempts, counted before
 * comparing.
 */
export interface Proof {
  readonly attempts: number
  readonly expiresAt: Instant | undefined
}

/** An event that concerns one proof. */
export type ProofEvent =
  /** The input cannot be an answer, so it was not compared. */
  | { readonly kind: 'unreadable'; readonly why: 'missing' | 'malformed' }
  /** The code had expired, so nothing was compared. */
  | { readonly kind: 'late' }
  | { readonly kind: 'compared'; readonly compared: Compared }
  /** The answer was right, but the method was withdrawn after it had begun. */
  | { readonly kind: 'withdrawn' }
  /** The cardholder answered out of band. */
  | { readonly kind: 'approved' }
  | { readonly kind: 'declined' }
  /** The cardholder continued in the window, but no out-of-band answer has arrived. */
  | { readonly kind: 'missed' }
  /** A step of a registration was taken. */
  | { readonly kind: 'registering'; readonly answer: RegistrationAnswer }

export interface Proved {
  readonly kind: 'proved'
  readonly outcome: Extract<Outcome, 'authenticated' | 'approved'>
}

export interface Failed {
  readonly kind: 'failed'
  readonly outcome: Extract<Outcome, 'declined' | 'attempts-spent' | 'facts-spent'>
  /** Whether this counts as another wrong answer of the card. */
  readonly wrong: boolean
}

export interface Retry<Notice> {
  readonly kind: 'retry'
  readonly notice: Notice
  /**
   * `spent`: the attempt is used up; `wrong`: it also counts as a wrong answer of the card; `free`: it was counted and
   * is given back.
   */
  readonly attempt: 'none' | 'spent' | 'wrong' | 'free'
}

/** The input of the window, read as an answer where possible. */
export type Entered = { readonly kind: 'answer'; readonly answer: string } | Extract<ProofEvent, { kind: 'unreadable' }>

interface Common<Notice> {
  readonly proves: Proves
  /**
   * A device of the cardholder's signs merchant and amount, so that a person who reads the cardholder's codes cannot
   * use it.
   */
  readonly signs: boolean
  /** The method's key where an app's SDK renders the choice (EMV 3DS challengeSelectInfo): at most four characters. */
  readonly selectKey: string
  emv(version: MessageVersion): AuthenticationElements
  available(facts: MethodFacts): Available
  /** Begins the method. `deadlineAt`: when the page times out. */
  begin(now: Instant, deadlineAt: Instant): Begun
  on(proof: Proof, event: ProofEvent, now: Instant): Proved | Failed | Retry<Notice>
}

/** Answered in the window itself. */
export interface InWindow<Notice> extends Common<Notice> {
  readonly answered: 'in-window'
  /**
   * The kind of contact that the code is sent to. Methods with a channel can be asked together, and share the send
   * limits.
   */
  readonly channel?: Channel
  read(entered: string): Entered
}

/** Answered out of band while the window waits. */
interface OutOfBand<Notice> extends Common<Notice> {
  readonly answered: 'out-of-band'
  /** Whether it begins anew each time it is selected, and not only the first time. */
  readonly beginsAgain: boolean
  readonly channel?: undefined
}

/** Answered in the window in several steps, which have use cases of their own. */
interface InSteps<Notice> extends Common<Notice> {
  readonly answered: 'in-steps'
  readonly channel?: undefined
}

/**
 * `Notice`: the notice that the window shows when it asks again. The texts are in messages/ under `challenge.notice`.
 */
export type Method<Notice extends string = string> = InWindow<Notice> | OutOfBand<Notice> | InSteps<Notice>

export const available: Available = { kind: 'available' }

export function unavailable(reason: Unavailable): Available {
  return { kind: 'unavailable', reason }
}
