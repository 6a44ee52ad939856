import type { SmsCap } from '#domain/contact/sms-caps.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import type { RiskEvent } from '#domain/risk/history/event.ts'

// What the watch sees: all that risk policies learn from, and what only the watch looks at.

/** The cardholder declined a request on an approval device, reported it, or typed a wrong number. */
interface RequestDeclined {
  readonly kind: 'request-declined'
  readonly at: Instant
  readonly card: string
  readonly cardholder: string
}

/** A challenge ended because all its codes were wrong. */
interface CodesWrong {
  readonly kind: 'codes-wrong'
  readonly at: Instant
  readonly card: string
  /** The reference to the network of the window's browser; undefined in apps. */
  readonly network: string | undefined
}

/** Text messages have reached the share of a cap at which the issuer is alerted. */
interface SmsCapNear {
  readonly kind: 'sms-cap-near'
  readonly at: Instant
  readonly cap: SmsCap
  /** What the cap counts by, as an HMAC; empty for the caps of the whole deployment. */
  readonly of: string
  readonly count: number
}

export type WatchOnly = RequestDeclined | CodesWrong | SmsCapNear

export type WatchEvent = RiskEvent | WatchOnly

/** Whether only the watch looks at an event: no row of the history changes with it. */
export function isWatchOnly(event: WatchEvent): event is WatchOnly {
  return event.kind === 'request-declined' || event.kind === 'codes-wrong' || event.kind === 'sms-cap-near'
}
