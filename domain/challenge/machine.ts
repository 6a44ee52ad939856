import type { Watched } from '#domain/contact/routes.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import type { Barred } from '#domain/risk/decide.ts'
import { policy } from './policy.ts'

/** Milliseconds since the epoch. */
export type Instant = number
export type Language = 'ja' | 'en'

/** What the next page tells besides asking for the code. Words are in messages/ under `challenge.notice`. */
export type Notice =
  | 'code-sent'
  | 'code-resent'
  | 'code-missing'
  | 'code-malformed'
  | 'code-wrong'
  | 'code-expired'
  | 'resend-too-soon'
  | 'sends-spent'

interface Common {
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

/** The window is open and asks for a code. */
export interface Asking extends Common {
  readonly state: 'asking'
  readonly openedAt: Instant
  /** When the page shown last times out; no code lives longer. */
  readonly deadlineAt: Instant
  readonly codeExpiresAt: Instant
  readonly lastSentAt: Instant
  readonly notice: Notice
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

export type Challenge = AwaitingCReq | Asking | AwaitingCardholder | Ended

export type Event =
  /** A good CReq came. `barred`: the card is no longer good, has failed too often, or opened too many windows; or no contact is good enough. */
  | { readonly kind: 'opened'; readonly barred?: Barred | Watched | undefined }
  /** Since the window was opened the card was reported stolen, or locked by what happened in another window; or a contact was changed or reported. */
  | { readonly kind: 'barred'; readonly by: Barred | Watched }
  /** A code of the right form was counted as an attempt and then compared. */
  | { readonly kind: 'code-compared'; readonly match: boolean }
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
  asking: 'window-timed-out',
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
  return challenge.state === 'awaiting-creq' ? open(challenge, event, now) : answer(challenge, event, now)
}

function open(challenge: AwaitingCReq, event: Event, now: Instant): Step {
  // An app can leave before anything was shown.
  if (event.kind === 'cancel') return end(challenge, event.ending ?? 'cancelled')
  if (event.kind !== 'opened') return stay(challenge)
  if (event.barred) return end(challenge, event.barred)
  return send(challenge, 'code-sent', now)
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

function answer(challenge: Asking, event: Event, now: Instant): Step {
  switch (event.kind) {
    case 'code-compared':
      return compared(submitted(challenge), event.match, now)
    case 'code-refused':
      return ask(submitted(challenge), event.why, now)
    case 'code-late':
      return ask(submitted(challenge), 'code-expired', now)
    case 'resend':
      return resend(submitted(challenge), event.flooded === true, now)
    case 'barred':
      return end(submitted(challenge), event.by)
    case 'cancel':
      // What a device does by itself is nothing that the cardholder submitted.
      return end(
        event.ending && event.ending !== 'cancelled' ? challenge : submitted(challenge),
        event.ending ?? 'cancelled',
      )
    case 'language':
      return stay({ ...challenge, language: event.language, deadlineAt: pageDeadline(challenge, now) })
    case 'delivery-failing':
      if (!event.final && now < challenge.lastSentAt + policy.deliveryPatience) return stay(challenge)
      return end(challenge, 'delivery-failed')
    // A second CReq of the same content is a reload of the merchant's page: the window goes on.
    default:
      return stay(challenge)
  }
}

function compared(challenge: Asking, match: boolean, now: Instant): Step {
  const expired = now >= challenge.codeExpiresAt
  if (match && !expired) return end(challenge, 'authenticated', 'clear-wrong-codes')
  const counted: Effect[] = match ? [] : ['count-wrong-code']
  if (challenge.attempts >= policy.codeAttempts) return end(challenge, 'tries-spent', ...counted)
  return { ...ask(challenge, expired ? 'code-expired' : 'code-wrong', now), effects: counted }
}

function resend(challenge: Asking, flooded: boolean, now: Instant): Step {
  if (flooded || challenge.sends >= policy.codeSends) return ask(challenge, 'sends-spent', now)
  if (now < challenge.lastSentAt + policy.resendAfter) return ask(challenge, 'resend-too-soon', now)
  return send(challenge, 'code-resent', now)
}

/** A new code takes the place of the one before; tries are not given back. */
function send(challenge: AwaitingCReq | Asking, notice: Notice, now: Instant): Step {
  const openedAt = challenge.state === 'asking' ? challenge.openedAt : now
  const deadlineAt = pageDeadline({ openedAt }, now)
  return {
    challenge: {
      ...challenge,
      state: 'asking',
      openedAt,
      notice,
      deadlineAt,
      codeExpiresAt: Math.min(now + policy.codeLifetime, deadlineAt),
      lastSentAt: now,
      sends: challenge.sends + 1,
    },
    effects: ['send-code'],
  }
}

/** A page waits for ten minutes, but no window for ever. */
function pageDeadline({ openedAt }: Pick<Asking, 'openedAt'>, now: Instant): Instant {
  return Math.min(now + policy.pageTime, openedAt + policy.windowTime)
}

function submitted(challenge: Asking): Asking {
  return { ...challenge, interactions: Math.min(challenge.interactions + 1, 99) }
}

function ask(challenge: Asking, notice: Notice, now: Instant): Step {
  return stay({ ...challenge, notice, deadlineAt: pageDeadline(challenge, now) })
}

function stay(challenge: Challenge): Step {
  return { challenge, effects: [] }
}

function end({ language, attempts, sends, interactions }: Common, ending: Ending, ...more: Effect[]): Step {
  return {
    challenge: { state: 'ended', ending, language, attempts, sends, interactions },
    effects: ['report-result', ...more],
  }
}
