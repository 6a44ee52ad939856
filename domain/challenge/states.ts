import type { Channel, Refusal, Restriction } from '#domain/contact/code-recipients.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import type { MethodId, MethodNotice } from '#domain/methods/registry.ts'
import type { Initial, Selection } from '#domain/methods/selection.ts'
import type { Invalid } from '#domain/risk/card-standing.ts'
import type { CodeEntry } from './card-limits.ts'

/** A notice that the next page shows beside its question. The texts are in messages/ under `challenge.notice`. */
export type Notice =
  | MethodNotice
  | 'code-sent'
  | 'code-resent'
  | 'resend-too-soon'
  | 'resends-spent'
  | 'codes-spent'
  | 'codes-limited'
  | 'codes-stopped'
  | 'method-missing'
  | 'method-failed'
  | 'contact-lost'

export interface Common {
  readonly language: Language
  /** Only methods that sign (domain/methods) may answer it, because a thief may read the cardholder's codes. */
  readonly onDevice: boolean
  /** Answers compared so far, right or wrong, of any method; counted before comparing. */
  readonly attempts: number
  /** Codes sent; one code sent to several contacts at once is one send. */
  readonly sends: number
  /** interactionCounter: the number of the cardholder's submissions. */
  readonly interactions: number
}

/** The ARes had transStatus C; the merchant's page has not opened the window yet. */
export interface AwaitingCReq extends Common {
  readonly state: 'awaiting-creq'
  readonly deadlineAt: Instant
}

/** The window is open, in a browser or an app. */
export interface Open extends Common {
  readonly openedAt: Instant
  /** When the page shown last times out. No code lives longer. */
  readonly deadlineAt: Instant
  /** The methods being asked in the window, or those asked last. */
  readonly selected: Selection
  /**
   * Out-of-band methods that were begun; the most recently awaited one is last. Each may be answered until the window
   * closes.
   */
  readonly outOfBand: readonly MethodId[]
  /** The contacts that the cardholder said they have lost. It holds for this challenge and changes no record. */
  readonly lost: readonly Channel[]
  /** Expiry of the codes sent last; undefined before the first, and when none could be delivered. */
  readonly codeExpiresAt: Instant | undefined
  readonly lastSentAt: Instant | undefined
  readonly notice: Notice | undefined
}

/** The window asks the cardholder to choose a method. */
export interface Choosing extends Open {
  readonly state: 'choosing'
}

/** The window asks for an answer by the selected methods. */
export interface Asking extends Open {
  readonly state: 'asking'
}

/** The window waits while the cardholder answers out of band. */
export interface AwaitingApproval extends Open {
  readonly state: 'awaiting-approval'
}

/** The ARes had transStatus D: the cardholder was notified and answers in the account (decoupled authentication). */
export interface AwaitingCardholder extends Common {
  readonly state: 'awaiting-cardholder'
  /** When the requestor stops waiting. */
  readonly deadlineAt: Instant
}

/**
 * The ARes had transStatus S: the merchant's page has the browser confirm the payment (secure payment confirmation), and
 * a second AReq says how that went.
 */
export interface AwaitingAssertion extends Common {
  readonly state: 'awaiting-assertion'
  readonly deadlineAt: Instant
}

export interface Ended extends Common {
  readonly state: 'ended'
  readonly outcome: Outcome
}

export type Challenge =
  | AwaitingCReq
  | Choosing
  | Asking
  | AwaitingApproval
  | AwaitingCardholder
  | AwaitingAssertion
  | Ended
export type InWindow = Choosing | Asking | AwaitingApproval

/** What a selection can begin now: looked up, and reserved where there is a cap, before the state machine decides. */
export type Start =
  | {
      readonly kind: 'methods'
      readonly selected: Selection
      readonly begun: Selection
      /** Why these are not the methods that the cardholder prefers. */
      readonly notice?: Extract<Notice, `codes-${string}`>
    }
  /** The limits of the card forbid sending a code here. */
  | { readonly kind: 'flooded' }
  /** No contact may receive a code. */
  | { readonly kind: 'no-contact' }
  /**
   * The code needs a text message, and the limit of text messages is reached. `restriction`: why an e-mail may not
   * carry it instead.
   */
  | { readonly kind: 'sms-limited'; readonly restriction: Restriction | undefined }

/** Facts that decide what an answer means for the card and the merchant; looked up before the answer is compared. */
interface AnswerFacts {
  /** What the limits of the card allow after this answer, if it is wrong. */
  readonly ifWrong: { readonly codes: CodeEntry['kind']; readonly otherMethods: boolean }
  /** The cardholder asked to trust the merchant, and may do so. */
  readonly trust: boolean
  /** The window was in the frame of a page that is not known to be the merchant's. */
  readonly foreignFrame: boolean
  /** The code was that of a contact that was registered in the window of a purchase, and not confirmed since. */
  readonly provisional: boolean
}

export type Event =
  /**
   * A valid CReq arrived. `barred`: the card is no longer valid, no contact may receive a code, or none may be
   * registered any more, or a device is needed and none can be asked.
   */
  | { readonly kind: 'opened'; readonly barred: Invalid | Refusal | 'no-contact' | 'device-needed' }
  | { readonly kind: 'opened'; readonly barred?: undefined; readonly start: Extract<Initial, 'choosing'> | Start }
  /** The device cannot display any method that is available. */
  | { readonly kind: 'nothing-to-show' }
  | { readonly kind: 'method-selected'; readonly start: Start }
  /** The cardholder submitted no method, or one that is not on offer. */
  | { readonly kind: 'method-missing' }
  | { readonly kind: 'other-method' }
  /** An answer arrived for one of the methods begun. */
  | ({ readonly kind: 'answered'; readonly method: MethodId; readonly event: ProofEvent } & Partial<AnswerFacts>)
  /** Since the window opened, the card was reported stolen, or a contact was changed or reported. */
  | { readonly kind: 'barred'; readonly by: Invalid | Refusal | 'no-contact' }
  /** The limits of the card forbid comparing an answer now. */
  | {
      readonly kind: 'codes-refused'
      readonly by: Exclude<CodeEntry['kind'], 'permitted'>
      readonly otherMethods: boolean
    }
  | { readonly kind: 'resend'; readonly start: Start }
  /** The cardholder cancels, or the app's SDK does and gives its reason. */
  | {
      readonly kind: 'cancel'
      readonly outcome?: Extract<Outcome, 'cancelled' | 'sdk-timed-out' | 'sdk-failed' | 'sdk-erro'>
    }
  | { readonly kind: 'language'; readonly language: Language }
  /** Time passes. */
  | { readonly kind: 'tick' }
  /**
   * No gateway has accepted the code; `final`: there will be no further tries. `otherMethods`: the cardholder may choose
   * one that sends no code.
   */
  | { readonly kind: 'delivery-failing'; readonly final: boolean; readonly otherMethods?: boolean }
  /**
   * The cardholder says that they no longer have a contact to which the code was sent. `stillAsked`: the other methods
   * whose codes were sent; `otherMethods`: whether there is any other method.
   */
  | {
      readonly kind: 'contact-lost'
      readonly channel: Channel
      readonly stillAsked: Selection
      readonly otherMethods: boolean
    }
  /** A CReq is malformed, or differs from the first. */
  | { readonly kind: 'bad-creq' }
  /** The cardholder reports "this was not me" in the account. */
  | { readonly kind: 'reported' }
  /** The second AReq of a secure payment confirmation arrived. `proved`: its assertion is valid. */
  | { readonly kind: 'asserted'; readonly proved: boolean }

export type Effect =
  /** Send what the methods need and record their proofs. Codes sent before become earlier codes. */
  | { readonly kind: 'begin'; readonly methods: Selection }
  /** Record the proof of this method as succeeded. */
  | { readonly kind: 'prove'; readonly method: MethodId }
  /** Record that the challenge has ended. Its result is the ARes of another AReq, so no RReq is sent. */
  | { readonly kind: 'close' }
  /** Record that the challenge has ended, fix the RReq and queue it. `method`: the out-of-band method that was answered or awaited. */
  | { readonly kind: 'report-result'; readonly method?: MethodId }
  | { readonly kind: 'count-wrong-answer' }
  /** Reset the wrong answers in a row: those of clients like this one, or all of the card. */
  | { readonly kind: 'clear-wrong-answers'; readonly of: 'client' | 'card' }
  /**
   * Codes of the card have been stopped for clients like this one: notify the cardholder, and forget browsers in which
   * an attacker who guesses codes may have succeeded once before.
   */
  | { readonly kind: 'codes-stopped' }
  /** The cardholder succeeded in this browser, by this method. */
  | { readonly kind: 'remember-browser'; readonly method: MethodId }
  /** The same out of band, which makes no browser a known one: remember the method if the browser is one already. */
  | { readonly kind: 'remember-method'; readonly method: MethodId }
  | { readonly kind: 'trust-merchant' }

export interface Step {
  readonly challenge: Challenge
  readonly effects: readonly Effect[]
}
