import type { Watched } from '#domain/contact/routes.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import type { Barred } from '#domain/risk/card-standing.ts'
import { askInAccount, begun, end, inWindow, page, send, stay } from './in-window.ts'
import { policy } from './policy.ts'
import type { CodeWay, First, Way } from './ways.ts'

/** Milliseconds since the epoch. */
export type Instant = number
export type Language = 'ja' | 'en'

/** What the next page tells besides its question. Words are in messages/ under `challenge.notice`. */
export type Notice =
  | 'code-sent'
  | 'code-resent'
  | 'code-missing'
  | 'code-malformed'
  | 'code-wrong'
  | 'code-earlier'
  | 'code-expired'
  | 'resend-too-soon'
  | 'sends-spent'
  | 'codes-spent'
  | 'way-missing'
  | 'way-failed'
  | 'answer-missing'

export interface Common {
  readonly language: Language
  /** Wrong or right codes compared so far; counted before comparing. */
  readonly attempts: number
  readonly sends: number
  /** interactionCounter: whatever the cardholder submitted. */
  readonly interactions: number
}

/** ARes C is out; the merchant's page has not opened the window yet. */
export interface AwaitingCReq extends Common {
  readonly state: 'awaiting-creq'
  readonly deadlineAt: Instant
}

/** The window is open, in a browser or an app. */
export interface Open extends Common {
  readonly openedAt: Instant
  /** When the page shown last times out; no code lives longer. */
  readonly deadlineAt: Instant
  /** Where codes go. */
  readonly way: CodeWay
  /** Of the code sent last; undefined before the first, and when none arrived. */
  readonly codeExpiresAt: Instant | undefined
  readonly lastSentAt: Instant | undefined
  /** The message that leads to the account has gone; it goes once, and is answered there until the window closes. */
  readonly askedInAccount: boolean
  readonly notice: Notice | undefined
}

/** It asks in which way to ask. */
export interface Choosing extends Open {
  readonly state: 'choosing'
}

/** It asks for a code. */
export interface Asking extends Open {
  readonly state: 'asking'
  readonly codeExpiresAt: Instant
  readonly lastSentAt: Instant
}

/** It waits while the cardholder answers in the account (out of band). */
export interface AwaitingApproval extends Open {
  readonly state: 'awaiting-approval'
}

/** ARes D is out: the cardholder has been told, and answers in the account, apart from the shop (decoupled). */
export interface AwaitingCardholder extends Common {
  readonly state: 'awaiting-cardholder'
  /** The requestor waits no longer. */
  readonly deadlineAt: Instant
}

export interface Ended extends Common {
  readonly state: 'ended'
  readonly ending: Ending
}

export type Challenge = AwaitingCReq | Choosing | Asking | AwaitingApproval | AwaitingCardholder | Ended

export type Event =
  /** A good CReq came. `barred`: the card is no longer good, has failed too often, or opened too many windows; or no contact is
   * good enough. `nothing`: what was
   * to be asked may not be any more, and the device can show nothing else. */
  | { readonly kind: 'opened'; readonly barred?: Barred | Watched | undefined; readonly first?: First | 'nothing' }
  /** The cardholder says how to be asked. `flooded`: the card's owner has been sent too many codes already. */
  | { readonly kind: 'way-chosen'; readonly way: Way; readonly flooded?: boolean }
  /** None, or none that is on offer. */
  | { readonly kind: 'way-refused' }
  /** The cardholder wants to be asked in another way than now. */
  | { readonly kind: 'other-way' }
  /** The cardholder says to have answered in the account, where no answer is yet. */
  | { readonly kind: 'answer-missed' }
  /** Since the window was opened the card was reported stolen, or locked by what happened in another window; or a contact was changed or reported. */
  | { readonly kind: 'barred'; readonly by: Barred | Watched }
  /** A code of the right form was counted as an attempt and then compared. */
  | { readonly kind: 'code-compared'; readonly match: boolean }
  /** The code was counted, too, and is one that a newer code has replaced. `free`: it costs no try, entered for the first time. */
  | { readonly kind: 'code-earlier'; readonly free: boolean }
  /** What was typed was no code, so it was not compared and costs no try. */
  | { readonly kind: 'code-refused'; readonly why: 'code-missing' | 'code-malformed' }
  /** A code came after its time. */
  | { readonly kind: 'code-late' }
  /** `flooded`: the card's owner has been sent too much already. */
  | { readonly kind: 'resend'; readonly flooded?: boolean }
  /** The cardholder leaves; or the app's SDK does, and says why. */
  | {
      readonly kind: 'cancel'
      readonly ending?: Extract<Ending, 'cancelled' | 'sdk-timed-out' | 'sdk-failed' | 'sdk-erro'>
    }
  | { readonly kind: 'language'; readonly language: Language }
  /** Time passes: the worker asks, and so does whoever comes late. */
  | { readonly kind: 'tick' }
  /** No gateway took the code; `final`: none ever will. */
  | { readonly kind: 'delivery-failing'; readonly final: boolean }
  /** The code needs a text message, and no more of those may be sent. `watched`: payments are watched meanwhile. */
  | { readonly kind: 'sms-limited'; readonly watched?: Watched | undefined }
  /** A CReq that is broken, or another than the first. */
  | { readonly kind: 'bad-creq' }
  /** The cardholder says in the account that the payment is theirs, or is not. */
  | { readonly kind: 'approved' }
  | { readonly kind: 'declined' }
  /** … or, of one that is asked about elsewhere as well, that it was not them. */
  | { readonly kind: 'reported' }

export type Effect =
  /** Draw a code, keep its hash, queue the messages. */
  | 'send-code'
  /** Queue the messages that lead to the account. */
  | 'ask-in-account'
  /** Fix the RReq and queue it. */
  | 'report-result'
  /** The card's wrong codes in a row: one more, or none any longer. */
  | 'count-wrong-code'
  | 'clear-wrong-codes'

export interface Step {
  readonly challenge: Challenge
  readonly effects: readonly Effect[]
}

/** A challenge as the ARes leaves it. */
export function begin(language: Language, now: Instant): AwaitingCReq {
  return {
    state: 'awaiting-creq',
    language,
    deadlineAt: now + policy.firstCReqWithin,
    attempts: 0,
    sends: 0,
    interactions: 0,
  }
}

/** As an ARes with D leaves it. `time`: how long the requestor waits, milliseconds. */
export function beginDecoupled(language: Language, time: number, now: Instant): AwaitingCardholder {
  const none = { attempts: 0, sends: 0, interactions: 0 }
  return { state: 'awaiting-cardholder', language, deadlineAt: now + time, ...none }
}

const whenTooLate = {
  'awaiting-creq': 'window-not-opened',
  choosing: 'window-timed-out',
  asking: 'window-timed-out',
  'awaiting-approval': 'window-timed-out',
  'awaiting-cardholder': 'not-answered',
} as const

/** What an event does to a challenge. Pure and total: whatever comes in whatever state has an answer. */
export function next(challenge: Challenge, event: Event, now: Instant): Step {
  if (challenge.state === 'ended') return stay(challenge)
  if (now >= challenge.deadlineAt) return end(challenge, whenTooLate[challenge.state])
  if (event.kind === 'reported') return end(challenge, 'reported')
  if (challenge.state === 'awaiting-cardholder') return answerElsewhere(challenge, event)
  if (event.kind === 'bad-creq') return end(challenge, 'bad-creq')
  if (event.kind === 'tick') return stay(challenge)
  return challenge.state === 'awaiting-creq' ? open(challenge, event, now) : inWindow(challenge, event, now)
}

function open(challenge: AwaitingCReq, event: Event, now: Instant): Step {
  if (event.kind === 'sms-limited') return end(challenge, event.watched ?? 'sms-limited')
  // An app can leave before anything was shown.
  if (event.kind === 'cancel') return end(challenge, event.ending ?? 'cancelled')
  if (event.kind !== 'opened') return stay(challenge)
  if (event.barred) return end(challenge, event.barred)
  const { first = 'both' } = event
  if (first === 'nothing') return end(challenge, 'delivery-failed')
  const opened = { ...challenge, ...begun, openedAt: now }
  if (first === 'choosing') return page({ ...opened, state: 'choosing' }, undefined, now)
  return first === 'account' ? askInAccount(opened, now) : send({ ...opened, way: first }, 'code-sent', now)
}

/** No window belongs to it, so nothing that comes from one does anything. */
function answerElsewhere(challenge: AwaitingCardholder, event: Event): Step {
  switch (event.kind) {
    case 'approved':
    case 'declined':
      return end(challenge, event.kind)
    case 'barred':
      return end(challenge, event.by)
    default:
      return stay(challenge)
  }
}
