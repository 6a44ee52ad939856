import type { Instant } from '#domain/kernel/instant.ts'
import { businessDayAfter } from './business-days.ts'
import { contactPolicy } from './policy.ts'

// A change of one contact, from the wish to the day on which codes go there. docs/journeys.md is drawn from this.

export type ContactKind = 'email' | 'mobile'

/** How a change ends without, or after, having taken effect. */
export type ChangeEnding =
  | 'cancelled'
  /** A newer request took its place. */
  | 'superseded'
  | 'tries-spent'
  /** Nobody entered the code in time. */
  | 'timed-out'
  /** Somebody said that it was not them. */
  | 'reported'

/** A code went to the new contact; nothing has changed yet. */
interface Asking {
  readonly state: 'asking'
  readonly kind: ContactKind
  /** Codes compared so far; counted before comparing. */
  readonly attempts: number
  readonly sends: number
  readonly lastSentAt: Instant
  readonly codeExpiresAt: Instant
  /** Not confirmed by then, it is over. */
  readonly expiresAt: Instant
}

/** The new contact is its owner's; it counts from `effectiveAt` on, which may be now or days ahead. */
interface Confirmed {
  readonly state: 'confirmed'
  readonly kind: ContactKind
  readonly effectiveAt: Instant
}

interface Ended {
  readonly state: 'ended'
  readonly kind: ContactKind
  readonly ending: ChangeEnding
}

export type Change = Asking | Confirmed | Ended

export type ChangeEvent =
  | { readonly kind: 'code-compared'; readonly match: boolean }
  /** The code is one that a newer code has replaced. `free`: it costs no try. */
  | { readonly kind: 'code-earlier'; readonly free: boolean }
  | { readonly kind: 'resend' }
  | { readonly kind: 'cancel' }
  /** A newer change of the same kind was asked for (`confirmed: false`) or confirmed. */
  | { readonly kind: 'superseded'; readonly confirmed: boolean }
  /** "This was not me." */
  | { readonly kind: 'reported' }

type ChangeEffect =
  | 'send-code'
  /** Write the new contact with the time from which it counts, and tell the owner on the old ones. */
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
    attempts: 0,
    sends: 1,
    lastSentAt: now,
    codeExpiresAt: now + contactPolicy.codeLifetime,
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
    case 'code-compared':
      return compared(change, event.match, now)
    case 'code-earlier':
      if (now >= change.codeExpiresAt) return compared(change, false, now)
      if (event.free) return stay({ ...change, attempts: change.attempts - 1 }, 'code-earlier')
      return spent(change) ?? stay(change, 'code-earlier')
    case 'resend':
      if (change.sends >= contactPolicy.codeSends) return stay(change, 'sends-spent')
      if (now < change.lastSentAt + contactPolicy.resendAfter) return stay(change, 'resend-too-soon')
      return {
        change: {
          ...change,
          sends: change.sends + 1,
          lastSentAt: now,
          codeExpiresAt: Math.min(now + contactPolicy.codeLifetime, change.expiresAt),
        },
        effects: ['send-code'],
        answer: 'sent',
      }
    case 'cancel':
      return end(change, 'cancelled')
    case 'superseded':
      return end(change, 'superseded')
    case 'reported':
      return end(change, 'reported')
  }
}

function compared(change: Asking, match: boolean, now: Instant): ChangeStep {
  const expired = now >= change.codeExpiresAt
  if (match && !expired) {
    const effectiveAt = effectiveFrom(change.kind, now)
    return {
      change: { state: 'confirmed', kind: change.kind, effectiveAt },
      effects: ['put-in-force'],
      answer: 'confirmed',
    }
  }
  return spent(change) ?? stay(change, expired ? 'code-expired' : 'code-wrong')
}

/** The end of a change that has no try left. */
function spent(change: Asking): ChangeStep | undefined {
  if (change.attempts < contactPolicy.codeAttempts) return undefined
  return { ...end(change, 'tries-spent'), answer: 'tries-spent' }
}

function afterConfirming(change: Confirmed, event: ChangeEvent, now: Instant): ChangeStep {
  const pending = now < change.effectiveAt
  switch (event.kind) {
    case 'cancel':
      return pending ? end(change, 'cancelled', 'take-back') : nothing(change)
    case 'superseded':
      // Until the newer one is confirmed this one stands.
      return pending && event.confirmed ? end(change, 'superseded', 'take-back') : nothing(change)
    case 'reported':
      return end(change, 'reported', pending ? 'take-back' : 'freeze')
    default:
      return nothing(change)
  }
}

/** An e-mail address counts at once, a mobile number some business days later. */
export function effectiveFrom(kind: ContactKind, confirmedAt: Instant): Instant {
  return kind === 'email' ? confirmedAt : businessDayAfter(confirmedAt, contactPolicy.businessDays)
}

function stay(change: Change, answer: ChangeAnswer): ChangeStep {
  return { change, effects: [], answer }
}

function nothing(change: Change): ChangeStep {
  return stay(change, 'nothing-to-do')
}

function end(change: Change, ending: ChangeEnding, ...effects: ChangeEffect[]): ChangeStep {
  return { change: { state: 'ended', kind: change.kind, ending }, effects, answer: 'ended' }
}
