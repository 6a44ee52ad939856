import type { Client } from '#domain/challenge/card-limits.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import { approvalPolicy } from './policy.ts'

// The rules of a request to approve a payment on an approval device.

/** What a device shows and signs. Members without a value are absent. */
export interface RequestContent {
  readonly id: string
  /** The merchant's name, on one line. */
  readonly merchant: string
  /** Minor units; absent, as are currency and exponent, for a non-payment without an amount. */
  readonly amount?: string
  /** ISO 4217 number. */
  readonly currency?: string
  readonly exponent?: string
  /** The merchant's country, ISO 3166-1 number. */
  readonly country?: string
  /** The last four digits of the card. */
  readonly lastFour: string
  /** The number that only the window shows: typing it proves that the cardholder has the window before them. */
  readonly number: string
  /** ISO 8601 in UTC. */
  readonly askedAt: string
  readonly expiresAt: string
}

/** What a device receives: all but the number, which it must learn from the cardholder. */
export type ShownContent = Omit<RequestContent, 'number'>

export function shownContent({ number: _, ...shown }: RequestContent): ShownContent {
  return shown
}

export type OpenState = 'waiting'
export type EndedState =
  | 'approved'
  | 'declined'
  /** The cardholder said "this was not me". */
  | 'reported'
  | 'wrong-number'
  | 'expired'
  /** The challenge ended otherwise. */
  | 'withdrawn'
export type RequestState = OpenState | EndedState
/** How a cardholder may answer. */
export type AnsweredState = Exclude<EndedState, 'expired' | 'withdrawn'>

export interface ApprovalRequest {
  readonly state: RequestState
  readonly number: string
  readonly expiresAt: Instant
}

export type RequestEvent =
  /** The device signed the request with this number, and the signature was verified. */
  | { readonly kind: 'signed'; readonly number: string }
  | { readonly kind: 'declined' }
  | { readonly kind: 'reported' }
  | { readonly kind: 'withdrawn' }
  /** Time passes. */
  | { readonly kind: 'tick' }

/**
 * The state of a request after an event. Pure and total. One wrong number ends the request, so that a person who
 * approves whatever appears has one chance in a hundred.
 */
export function next({ state, number, expiresAt }: ApprovalRequest, event: RequestEvent, now: Instant): RequestState {
  if (!isOpen(state)) return state
  if (now >= expiresAt) return 'expired'
  switch (event.kind) {
    case 'signed':
      return readNumber(event.number) === number ? 'approved' : 'wrong-number'
    case 'declined':
    case 'reported':
    case 'withdrawn':
      return event.kind
    case 'tick':
      return state
  }
}

export function isOpen(state: RequestState): state is OpenState {
  return state === 'waiting'
}

/** Reads the number as people type it: in any width, with spaces around it. Undefined if it cannot be one. */
export function readNumber(entered: string): string | undefined {
  const digits = entered.slice(0, 100).normalize('NFKC').replace(/\s/gu, '')
  return /^[0-9]+$/.test(digits) && digits.length === approvalPolicy.numberDigits ? digits : undefined
}

/**
 * Whether a client may begin a request while one of another payment is open, which `other` began. The cardholder's own
 * browser goes first and ends a stranger's request, so that a stranger cannot keep the devices busy.
 */
export function mayReplace(other: Client, client: Client): boolean {
  return client === 'own-browser' && other === 'unknown-client'
}
