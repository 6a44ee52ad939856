import type { Restriction } from '#domain/contact/code-recipients.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import type { MethodId, MethodNotice } from '#domain/methods/registry.ts'
import type { Initial, Selection } from '#domain/methods/selection.ts'
import type { Barred } from '#domain/risk/card-standing.ts'

/** What the next page says besides its question. Words are in messages/ under `challenge.notice`. */
export type Notice =
  | MethodNotice
  | 'code-sent'
  | 'code-resent'
  | 'resend-too-soon'
  | 'sends-spent'
  | 'codes-spent'
  | 'method-missing'
  | 'method-failed'

export interface Common {
  readonly language: Language
  /** Answers compared so far, right or wrong, by whatever method; counted before comparing. */
  readonly attempts: number
  /** Messages with a code, one to several contacts at once being one. */
  readonly sends: number
  /** interactionCounter: everything that the cardholder submitted. */
  readonly interactions: number
}

/** The ARes said C; the merchant's page has not opened the window yet. */
export interface AwaitingCReq extends Common {
  readonly state: 'awaiting-creq'
  readonly deadlineAt: Instant
}

/** The window is open, in a browser or an app. */
export interface Open extends Common {
  readonly openedAt: Instant
  /** When the page shown last times out; no code lives longer. */
  readonly deadlineAt: Instant
  /** The methods that are asked in the window, or were last. */
  readonly selected: Selection
  /** Methods begun that are answered elsewhere, the one waited for last at the end. Each begins once, and may be answered until the window closes. */
  readonly outOfBand: readonly MethodId[]
  /** Of the codes sent last; undefined before the first, and when none arrived. */
  readonly codeExpiresAt: Instant | undefined
  readonly lastSentAt: Instant | undefined
  readonly notice: Notice | undefined
}

/** The window asks which method. */
export interface Choosing extends Open {
  readonly state: 'choosing'
}

/** It asks for an answer by the methods selected. */
export interface Asking extends Open {
  readonly state: 'asking'
}

/** It waits while the cardholder answers elsewhere (out of band). */
export interface AwaitingApproval extends Open {
  readonly state: 'awaiting-approval'
}

/** The ARes said D: the cardholder was notified, and answers in the account (decoupled). */
export interface AwaitingCardholder extends Common {
  readonly state: 'awaiting-cardholder'
  /** The requestor waits no longer. */
  readonly deadlineAt: Instant
}

export interface Ended extends Common {
  readonly state: 'ended'
  readonly outcome: Outcome
}

export type Challenge = AwaitingCReq | Choosing | Asking | AwaitingApproval | AwaitingCardholder | Ended
export type InWindow = Choosing | Asking | AwaitingApproval

/** What a selection can begin at this moment: looked up, and reserved where there is a cap, before the machine decides. */
export type Start =
  | { readonly kind: 'methods'; readonly selected: Selection; readonly begun: Selection }
  /** The card's owner has been sent too many codes already. */
  | { readonly kind: 'flooded' }
  /** No contact may have a code. */
  | { readonly kind: 'no-contact' }
  /** The code needs a text message, and no more of those may be sent. `restriction`: why an e-mail may not carry it instead. */
  | { readonly kind: 'sms-limited'; readonly restriction: Restriction | undefined }

/** What an answer means for the card and the merchant; looked up before it is compared. */
interface AnswerFacts {
  /** Wrong answers of the card in a row, in all its challenges. */
  readonly wrongAnswers: number
  /** The cardholder wants the merchant to be trusted, and that may be. */
  readonly trust: boolean
}

export type Event =
  /** A valid CReq came. `barred`: the card is no longer valid, has failed too often, or opened too many windows; or no contact
   * may have a code. */
  | { readonly kind: 'opened'; readonly barred: Barred | Restriction }
  | { readonly kind: 'opened'; readonly barred?: undefined; readonly start: Extract<Initial, 'choosing'> | Start }
  /** The device can show nothing that may be asked. */
  | { readonly kind: 'nothing-to-show' }
  | { readonly kind: 'method-selected'; readonly start: Start }
  /** None was selected, or none that is on offer. */
  | { readonly kind: 'method-missing' }
  | { readonly kind: 'other-method' }
  /** A proof of one of the methods asked is answered. */
  | ({ readonly kind: 'answered'; readonly method: MethodId; readonly event: ProofEvent } & Partial<AnswerFacts>)
  /** Since the window was opened the card was reported stolen, or locked by what happened in another window; or a contact was
   * changed or reported. */
  | { readonly kind: 'barred'; readonly by: Barred | Restriction }
  | { readonly kind: 'resend'; readonly start: Start }
  /** The cardholder leaves; or the app's SDK does, and says why. */
  | {
      readonly kind: 'cancel'
      readonly outcome?: Extract<Outcome, 'cancelled' | 'sdk-timed-out' | 'sdk-failed' | 'sdk-erro'>
    }
  | { readonly kind: 'language'; readonly language: Language }
  /** Time passes. */
  | { readonly kind: 'tick' }
  /** No gateway took the code; `final`: none ever will. */
  | { readonly kind: 'delivery-failing'; readonly final: boolean }
  /** A CReq that is broken, or another than the first. */
  | { readonly kind: 'bad-creq' }
  /** The cardholder says in the account that it was not them. */
  | { readonly kind: 'reported' }

export type Effect =
  /** Send what the methods need, and record their proofs. Codes sent before become earlier ones. */
  | { readonly kind: 'begin'; readonly methods: Selection }
  /** Record what was proved. */
  | { readonly kind: 'prove'; readonly method: MethodId }
  /** Fix the RReq and queue it. `method`: where it was answered or awaited out of band. */
  | { readonly kind: 'report-result'; readonly method?: MethodId }
  | { readonly kind: 'count-wrong-answer' }
  | { readonly kind: 'clear-wrong-answers' }
  /** Also forgets the browsers in which the cardholder succeeded: someone who tries codes may have succeeded once before. */
  | { readonly kind: 'lock-card'; readonly until: Instant }
  /** The cardholder succeeded in this browser. */
  | { readonly kind: 'remember-browser' }
  | { readonly kind: 'trust-merchant' }

export interface Step {
  readonly challenge: Challenge
  readonly effects: readonly Effect[]
}
