import type { MessageVersion } from './version.ts'

/**
 * Every outcome of an authentication, with its message elements. docs/protocol.md shows this table to integrators; a
 * test checks that both agree.
 */
export const outcomes = {
  /** Low risk, or the requestor wanted no challenge and the amount permits that. */
  frictionless: { transStatus: 'Y', eci: '05' },
  /** threeDSRequestorChallengeInd 06: data only. */
  'information-only': { transStatus: 'I', eci: '07' },
  /** The cardholder authenticated in the window. */
  authenticated: { transStatus: 'Y', eci: '05' },
  /** A challenge is required, no contact may receive a code, and the card range opted into attempts. */
  attempted: { transStatus: 'A', eci: '06' },
  'card-unknown': { transStatus: 'N', reason: '08', eci: '07' },
  'card-stolen': { transStatus: 'R', reason: '10', eci: '07' },
  'card-closed': { transStatus: 'N', reason: '12', eci: '07' },
  'card-expired': { transStatus: 'N', reason: '05', eci: '07' },
  /** A challenge is required, and no contact may receive a code. */
  'no-contact': { transStatus: 'N', reason: '13', eci: '07' },
  /** In the window, the cardholder said that they no longer have the contacts, and there is no other method. */
  'contacts-lost': { transStatus: 'N', reason: '13', eci: '07' },
  /**
   * A larger purchase within a day after the e-mail address was changed, without a mobile number that may receive a
   * code.
   */
  'email-recently-changed': { transStatus: 'N', reason: '12', eci: '07' },
  /** The same within a day after the mobile number was stopped, without another number that may receive a code. */
  'number-stopped': { transStatus: 'N', reason: '12', eci: '07' },
  /**
   * Only contacts that were registered in the window of a purchase and not confirmed since may receive a code, and the
   * purchase is above the amount that they may authenticate.
   */
  'contact-provisional': { transStatus: 'N', reason: '12', eci: '07' },
  /** The same while a report of the cardholder ("this was not me") is open. */
  'report-open': { transStatus: 'N', reason: '12', eci: '07' },
  /**
   * The risk policy permits a passkey or an approval device only (docs/risk.md), and the cardholder has none that may
   * confirm this payment, or none that can be asked here.
   */
  'device-needed': { transStatus: 'N', reason: '12', eci: '07' },
  /** The risk policy refuses the payment: no authorisation should be attempted. */
  suspected: { transStatus: 'R', reason: '11', eci: '07' },
  /** Too many failed challenges of this card. */
  locked: { transStatus: 'N', reason: '04', eci: '07' },
  /** Too many windows, codes or requests for approval of this card within an hour. Nothing failed. */
  'channel-not-supported': { transStatus: 'U', reason: '03', eci: '07' },
  '3ri-not-supported': { transStatus: 'N', reason: '21', eci: '07' },
  /** The requestor acts without the cardholder (3RI), but the rules require the cardholder. */
  'cardholder-needed': { transStatus: 'N', reason: '23', reasonBefore220: '01', eci: '07' },
  /** The same, with decoupled authentication permitted, but the cardholder has no account in which to answer … */
  'not-enrolled': { transStatus: 'N', reason: '13', eci: '07' },
  /** … or the requestor does not wait long enough. */
  'too-little-time': { transStatus: 'U', reason: '25', reasonBefore220: '01', eci: '07' },
  /** The cardholder approved out of band: in the account (also decoupled) or on a device. */
  approved: { transStatus: 'Y', eci: '05' },
  declined: { transStatus: 'N', reason: '01', eci: '07', since231: { reason: '19' } },
  /** The cardholder reported "this was not me" in the account while the payment was pending: suspected fraud. */
  reported: { transStatus: 'R', reason: '11', eci: '07' },
  /** The cardholder was notified but did not answer while the requestor waited. */
  'not-answered': { transStatus: 'U', reason: '24', reasonBefore220: '01', challengeCancel: '03', eci: '07' },
  'attempts-spent': { transStatus: 'N', reason: '19', eci: '07' },
  /** Registering a contact in the window: no tries at the cardholder's facts are left, today or for ever. */
  'facts-spent': { transStatus: 'N', reason: '19', eci: '07' },
  cancelled: { transStatus: 'N', reason: '01', challengeCancel: '01', eci: '07', since231: { reason: '19' } },
  'window-not-opened': { transStatus: 'N', reason: '14', challengeCancel: '05', eci: '07' },
  'window-timed-out': { transStatus: 'N', reason: '14', challengeCancel: '04', eci: '07' },
  /** challengeCancel 08 from an app: its SDK timed out. Reason 14 is only for our own time-outs. */
  'sdk-timed-out': { transStatus: 'N', reason: '01', challengeCancel: '08', eci: '07' },
  /** Any other challengeCancel from an app: its SDK had an error. */
  'sdk-failed': { transStatus: 'U', reason: '22', reasonBefore220: '01', challengeCancel: '06', eci: '07' },
  /** The SDK of an app answered a CRes with an Erro. */
  'sdk-erro': {
    transStatus: 'U',
    reason: '22',
    reasonBefore220: '01',
    challengeCancel: '06',
    eci: '07',
    since231: { challengeCancel: '09' },
  },
  /** No gateway accepted the code. */
  'delivery-failed': { transStatus: 'U', reason: '22', reasonBefore220: '01', eci: '07' },
  /** The code could be sent only by text message, and a cap on those was reached (domain/contact/sms-caps.ts). */
  'sms-limited': { transStatus: 'U', reason: '22', reasonBefore220: '01', eci: '07' },
  /**
   * The cardholder was authenticated, but the directory server could not be reached, so the merchant cannot rely on it
   * (domain/challenge/result-delivery.ts).
   */
  'result-undelivered': { transStatus: 'U', reason: '22', reasonBefore220: '01', eci: '07' },
  /** We are too slow or have an error. */
  'internal-error': { transStatus: 'U', reason: '22', reasonBefore220: '01', eci: '07' },
  /**
   * A secure payment confirmation without a valid assertion. Never sent: the second AReq has an answer of its own.
   */
  unconfirmed: { transStatus: 'N', reason: '01', eci: '07' },
  /** The merchant opened the window with a malformed CReq, or with a second, different one. */
  'bad-creq': {
    transStatus: 'U',
    reason: '07',
    challengeCancel: '06',
    eci: '07',
    since231: { challengeCancel: '10' },
  },
} as const satisfies Record<string, OutcomeRow>

export type Outcome = keyof typeof outcomes

export interface OutcomeRow {
  readonly transStatus: TransStatus
  /** transStatusReason. 2.1.0 uses `reasonBefore220` if there is one, because it lacks the codes from 22 on. */
  readonly reason?: string
  readonly reasonBefore220?: string
  readonly challengeCancel?: string
  /** The values that replace these in 2.3.1. */
  readonly since231?: { readonly reason?: string; readonly challengeCancel?: string }
  /** ECI 05 authenticated, 06 attempted, 07 not authenticated. */
  readonly eci: string
}

type TransStatus = 'Y' | 'N' | 'U' | 'A' | 'R' | 'C' | 'D' | 'I' | 'S'

export interface OutcomeElements {
  readonly transStatus: TransStatus
  readonly transStatusReason?: string
  readonly challengeCancel?: string
  readonly eci: string
}

/** The message elements for an outcome, in the version of the transaction. */
export function outcomeElements(outcome: Outcome, version: MessageVersion): OutcomeElements {
  const row: OutcomeRow = outcomes[outcome]
  const { transStatus, reasonBefore220, eci } = row
  const { reason, challengeCancel } = { ...row, ...(version === '2.3.1' && row.since231) }
  const transStatusReason = version === '2.1.0' ? (reasonBefore220 ?? reason) : reason
  return {
    transStatus,
    ...(transStatusReason && { transStatusReason }),
    ...(challengeCancel && { challengeCancel }),
    eci,
  }
}

/** transStatus of the CRes, which is only Y or N: U, A or R in the RReq is N in the CRes. */
export function transStatusForCRes(outcome: Outcome): 'Y' | 'N' {
  return outcomes[outcome].transStatus === 'Y' ? 'Y' : 'N'
}
