import { attempt, type CodeState, type Compared, type EarlierCode, issue, resend } from '#domain/code/one-time-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { businessDayAfter } from './business-days.ts'
import { contactPolicy } from './policy.ts'

// A change of one contact, from its request to the day on which codes go there. docs/journeys.md is drawn from this.

const policy = codePolicy['contact-change']

export type ContactKind = 'email' | 'mobile'

/** How a change ends without, or after, having taken effect. */
export type ChangeOutcome =
  | 'cancelled'
  /** A newer request took its place. */
  | 'superseded'
  | 'tries-spent'
  /** The code was not entered in time. */
  | 'timed-out'
  /** The cardholder said that it was not them. */
  | 'reported'

/** A code went to the new contact; nothing has changed yet. */
interface Asking {
  readonly state: 'asking'
  readonly kind: ContactKind
  readonly code: CodeState & { readonly earlier: readonly EarlierCode[] }
  /** Not confirmed by then, it is over. */
  readonly expiresAt: Instant
}

/** The code was right: the contact is effective from `effectiveAt` on, which may be now or days ahead. */
interface Confirmed {
  readonly state: 'confirmed'
  readonly kind: ContactKind
  readonly effectiveAt: Instant
}

interface Ended {
  readonly state: 'ended'
  readonly kind: ContactKind
  readonly outcome: ChangeOutcome
}

export type Change = Asking | Confirmed | Ended

export type ChangeEvent =
  /** A code was entered; the try has been counted. */
  | { readonly kind: 'code-entered'; readonly compared: Compared }
  | { readonly kind: 'resend' }
  | { readonly kind: 'cancel' }
  /** A newer change of the same kind was asked for (`confirmed: false`) or confirmed. */
  | { readonly kind: 'superseded'; readonly confirmed: boolean }
  /** "This was not me." */
  | { readonly kind: 'reported' }

type ChangeEffect =
  | 'send-code'
  /** Write the new contact with the time from which it is effective, and notify the cardholder on the old ones. */
  | 'put-in-force'
  /** What had not taken effect never will. */
  | 'take-back'
  /** What has taken effect gets no codes any more; the old contact does not come back. */
  | 'freeze'

export type ChangeAnswer =
  | 'sent'
  | 'confirmed'
  | 'code-wrong'
  | 'code-earlier'
  | 'code-expired'
  | 'tries-spent'
  | 'resend-too-soon'
  | 'sends-spent'
  | 'ended'
  /** It was over, or this cannot be done to it. */
  | 'nothing-to-do'

export interface ChangeStep {
  readonly change: Change
  readonly effects: readonly ChangeEffect[]
  readonly answer: ChangeAnswer
}

/** A change as it is asked for: the code goes to the new contact at once. */
export function beginChange(kind: ContactKind, now: Instant): ChangeStep {
  const change: Asking = {
    state: 'asking',
    kind,
    code: { ...issue(policy, now), earlier: [] },
    expiresAt: now + contactPolicy.confirmWithin,
  }
  return { change, effects: ['send-code'], answer: 'sent' }
}

/** What an event does to a change. Pure and total. */
export function nextChange(change: Change, event: ChangeEvent, now: Instant): ChangeStep {
  switch (change.state) {
    case 'asking':
      return now >= change.expiresAt ? end(change, 'timed-out') : whileAsking(change, event, now)
    case 'confirmed':
      return afterConfirming(change, event, now)
    case 'ended':
      return nothing(change)
  }
}

function whileAsking(change: Asking, event: ChangeEvent, now: Instant): ChangeStep {
  switch (event.kind) {
    case 'code-entered':
      return onCode(change, event.compared, now)
    case 'resend': {
      const resent = resend(change.code, policy, now, change.expiresAt)
      if (resent.kind !== 'send') return stay(change, resent.kind)
      const code = { ...change.code, ...resent.state }
      return { change: { ...change, code }, effects: ['send-code'], answer: 'sent' }
    }
    case 'cancel':
      return end(change, 'cancelled')
    case 'superseded':
      return end(change, 'superseded')
    case 'reported':
      return end(change, 'reported')
  }
}

function onCode(change: Asking, compared: Compared, now: Instant): ChangeStep {
  const { kind } = change
  const result = attempt(change.code, compared, policy, now)
  switch (result.kind) {
    case 'accepted': {
      const effectiveAt = effectiveFrom(kind, now)
      return { change: { state: 'confirmed', kind, effectiveAt }, effects: ['put-in-force'], answer: 'confirmed' }
    }
    case 'code-earlier':
      return stay({ ...change, code: { ...change.code, ...result.change } }, 'code-earlier')
    case 'tries-spent':
      return { ...end(change, 'tries-spent'), answer: 'tries-spent' }
    default:
      return stay(change, result.kind)
  }
}

function afterConfirming(change: Confirmed, event: ChangeEvent, now: Instant): ChangeStep {
  const pending = isPending(change, now)
  switch (event.kind) {
    case 'cancel':
      return pending ? end(change, 'cancelled', 'take-back') : nothing(change)
    case 'superseded':
      // Until the newer one is confirmed this one remains.
      return pending && event.confirmed ? end(change, 'superseded', 'take-back') : nothing(change)
    case 'reported':
      return end(change, 'reported', pending ? 'take-back' : 'freeze')
    default:
      return nothing(change)
  }
}

/** Whether a change is still open: its code is awaited, or its day. */
export function isPending(change: Change, now: Instant): boolean {
  if (change.state === 'asking') return now < change.expiresAt
  return change.state === 'confirmed' && now < change.effectiveAt
}

/** An e-mail address is effective at once, a mobile number some business days later. */
export function effectiveFrom(kind: ContactKind, confirmedAt: Instant): Instant {
  return kind === 'email' ? confirmedAt : businessDayAfter(confirmedAt, contactPolicy.businessDays)
}

function stay(change: Change, answer: ChangeAnswer): ChangeStep {
  return { change, effects: [], answer }
}

function nothing(change: Change): ChangeStep {
  return stay(change, 'nothing-to-do')
}

function end(change: Change, outcome: ChangeOutcome, ...effects: ChangeEffect[]): ChangeStep {
  return { change: { state: 'ended', kind: change.kind, outcome }, effects, answer: 'ended' }
}
