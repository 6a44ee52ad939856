import { codePolicy } from '#domain/code/policy.ts'
import { businessDayAfter } from '#domain/contact/business-days.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { provesDespiteReport } from '#domain/contact/report.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import {
  available,
  type Entered,
  type Failed,
  type Method,
  type Proof,
  type ProofEvent,
  type Proved,
  type Retry,
} from './method.ts'

/** Longest response of an authenticator that is read, in characters of JSON; real ones have about a thousand. */
const longestResponse = 10_000

/**
 * A passkey of the account, used in the window itself (WebAuthn). It needs a script, and a frame in which the browser
 * permits it, so the window always offers another method beside it.
 */
export const passkey = {
  proves: 'verified-user',
  signs: true,
  answered: 'in-window',
  selectKey: 'pkey',
  // Only 2.3.1 has a value for WebAuthn.
  emv: version => ({ authenticationMethod: version === '2.3.1' ? '13' : '10', authenticationType: '02' }),
  // A restriction puts single passkeys in doubt, not the method: `confirmsPayment`.
  available: () => available,
  read,
  begin: () => ({ expiresAt: undefined }),
  on,
} as const satisfies Method

function read(entered: string): Entered {
  if (entered === '') return { kind: 'unreadable', why: 'missing' }
  return entered.length > longestResponse
    ? { kind: 'unreadable', why: 'malformed' }
    : { kind: 'answer', answer: entered }
}

/** A passkey cannot be guessed, so a failure uses up a try of its challenge, but never counts against the card. */
function on({ attempts }: Proof, event: ProofEvent): Proved | Failed | Retry<'passkey-failed'> {
  const most = codePolicy.challenge.attempts
  const compared = event.kind === 'compared' ? event.compared.kind : undefined
  if (compared === 'match' && attempts <= most) return { kind: 'proved', outcome: 'authenticated' }
  if (compared && attempts >= most) return { kind: 'failed', outcome: 'attempts-spent', wrong: false }
  return { kind: 'retry', notice: 'passkey-failed', attempt: compared ? 'spent' : 'none' }
}

/** What a passkey signs in the window (domain/approval/signed-text.ts). Members without a value are absent. */
export interface SignedPayment {
  readonly acsTransID: string
  /** Our own id of the card, and its last four digits, which the window shows. */
  readonly card: string
  readonly lastFour: string
  readonly merchant: string
  readonly merchantID: string
  /** Minor units; absent, as are currency and exponent, for a non-payment without an amount. */
  readonly amount?: string | undefined
  /** ISO 4217 number. */
  readonly currency?: string | undefined
  readonly exponent?: string | undefined
}

/** Facts of a payment that decide which of the cardholder's passkeys confirm it. */
export interface PasskeyFacts {
  /** While payments are restricted: since when an intruder may have added passkeys. */
  readonly inDoubtSince: Instant | undefined
  /** The purchase is a larger one (domain/risk/large-purchase.ts). */
  readonly larger: boolean
  /** The window is in the frame of a page that is not known to be the merchant's. */
  readonly foreignFrame: boolean
}

/**
 * Whether a passkey that was added at `createdAt` confirms a payment. A larger purchase needs one that the account has
 * had as long as a new mobile number takes to become effective: until then every contact has been notified of it, and
 * the cardholder can report it. Nor does a larger purchase trust a page that may hide the window's text: the browser's
 * dialog names neither merchant nor amount.
 */
export function confirmsPayment(
  createdAt: Instant,
  { inDoubtSince, larger, foreignFrame }: PasskeyFacts,
  now: Instant,
): boolean {
  if (!provesDespiteReport(createdAt, inDoubtSince)) return false
  return !larger || (!foreignFrame && now >= businessDayAfter(createdAt, contactPolicy.businessDays))
}
