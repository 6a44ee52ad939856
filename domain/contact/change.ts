import { attempt, type CodeState, type Compared, type EarlierCode, issue, resend } from '#domain/code/one-time-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { businessDayAfter } from './business-days.ts'
import { contactPolicy } from './policy.ts'

// The state machine of a change of one contact, from the request to the day from which codes go to the new contact.
// docs/journeys.md is drawn from it.

const policy = codePolicy['contact-change']

export type ContactKind = 'email' | 'mobile'

/** How a change ends, before or after it has taken effect. */
export type ChangeOutcome =
  | 'cancelled'
  /** A newer change replaced it. */
  | 'superseded'
  | 'attempts-spent'
  /** The code was not entered in time. */
  | 'timed-out'
  /** The cardholder reported "this was not me". */
  | 'reported'

/** A code was sent to the new contact; nothing has changed yet. */
interface Asking {
  readonly state: 'asking'
  readonly kind: ContactKind
  readonly code: CodeState & { readonly earlier: readonly EarlierCode[] }
  /** When the change ends if it has not been confirmed. */
  readonly expiresAt: Instant
}

/** The code was right: the contact is effective from `effectiveAt`, which may be now or days ahead. */
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
  /** A code was entered; the attempt has already been counted. */
  | { readonly kind: 'code-entered'; readonly compared: Compared }
  | { readonly kind: 'resend' }
  | { readonly kind: 'cancel' }
  /** A newer change of the same kind was requested (`confirmed: false`) or confirmed (`true`). */
  | { readonly kind: 'superseded'; readonly confirmed: boolean }
  /** "This was not me." */
  | { readonly kind: 'reported' }

type ChangeEffect =
  | 'send-code'
  /** Save the new contact with its `effectiveAt`, and notify the cardholder on the old contacts. */
  | 'make-effective'
  /** Withdraw a contact that is not effective yet; it never becomes effective. */
  | 'withdraw'
  /** Stop sending codes to an effective contact; the old contact does not return. */
  | 'freeze'

export type ChangeAnswer =
  | 'sent'
  | 'confirmed'
  | 'code-wrong'
  | 'code-earlier'
  | 'code-expired'
  | 'attempts-spent'
  | 'resend-too-soon'
  | 'resends-spent'
  | 'ended'
  /** The change had ended, or the event does not apply to its state. */
  | 'nothing-to-do'

export interface ChangeStep {
  readonly change: Change
  readonly effects: readonly ChangeEffect[]
  readonly answer: ChangeAnswer
}

/** Begins a change: a code is sent to the new contact immediately. */
export function beginChange(kind: ContactKind, now: Instant): ChangeStep {
  const change: Asking = {
    state: 'asking',
    kind,
    code: { ...issue(policy, now), earlier: [] },
    expiresAt: now + contactPolicy.confirmWithin,
  }
  return { change, effects: ['send-code'], answer: 'sent' }
}

/** Applies an event to a change. Pure and total. */
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
      return { change: { state: 'confirmed', kind, effectiveAt }, effects: ['make-effective'], answer: 'confirmed' }
    }
    case 'code-earlier':
      return stay({ ...change, code: { ...change.code, ...result.change } }, 'code-earlier')
    case 'attempts-spent':
      return { ...end(change, 'attempts-spent'), answer: 'attempts-spent' }
    default:
      return stay(change, result.kind)
  }
}

function afterConfirming(change: Confirmed, event: ChangeEvent, now: Instant): ChangeStep {
  const pending = isPending(change, now)
  switch (event.kind) {
    case 'cancel':
      return pending ? end(change, 'cancelled', 'withdraw') : nothing(change)
    case 'superseded':
      // This change remains until the newer one is confirmed.
      return pending && event.confirmed ? end(change, 'superseded', 'withdraw') : nothing(change)
    case 'reported':
      return end(change, 'reported', pending ? 'withdraw' : 'freeze')
    default:
      return nothing(change)
  }
}

/** Whether a change is still open: its code, or the day on which it takes effect, is still awaited. */
export function isPending(change: Change, now: Instant): boolean {
  if (change.state === 'asking') return now < change.expiresAt
  return change.state === 'confirmed' && now < change.effectiveAt
}

/** An e-mail address is effective immediately, a mobile number some business days later. */
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
