import type { MessageVersion } from './version.ts'

/**
 * Every way in which an authentication ends, as the messages say it. docs/protocol.md shows this table to integrators;
 * a test holds the two together.
 */
export const outcomes = {
  /** Low risk, or the requestor asked for no challenge and the amount allows it. */
  frictionless: { transStatus: 'Y', eci: '05' },
  /** 3DS Requestor challenge indicator 06: data only. */
  'information-only': { transStatus: 'I', eci: '07' },
  /** The cardholder proved who they are in the window. */
  authenticated: { transStatus: 'Y', eci: '05' },
  /** A challenge is due, there is nowhere to send a code, and the card's range opted into attempts. */
  attempted: { transStatus: 'A', eci: '06' },
  'card-unknown': { transStatus: 'N', reason: '08', eci: '07' },
  'card-stolen': { transStatus: 'R', reason: '10', eci: '07' },
  'card-closed': { transStatus: 'N', reason: '12', eci: '07' },
  'card-expired': { transStatus: 'N', reason: '05', eci: '07' },
  /** A challenge is due and there is nowhere to send a code. */
  'no-contact': { transStatus: 'N', reason: '13', eci: '07' },
  /** A larger purchase, for a day after the e-mail address was changed, and no mobile number that a code could go to. */
  'email-recently-changed': { transStatus: 'N', reason: '12', eci: '07' },
  /** The same for a day after the mobile number was stopped, and no other number that a code could go to. */
  'number-stopped': { transStatus: 'N', reason: '12', eci: '07' },
  /** The same while a report of the cardholder ("this was not me") is open. */
  'report-open': { transStatus: 'N', reason: '12', eci: '07' },
  /** Too many failed challenges of this card, or too many windows in a short time. */
  locked: { transStatus: 'N', reason: '04', eci: '07' },
  'channel-not-supported': { transStatus: 'U', reason: '03', eci: '07' },
  '3ri-not-supported': { transStatus: 'N', reason: '21', eci: '07' },
  /** The requestor acts by itself (3RI), and only the cardholder could settle it. */
  'cardholder-needed': { transStatus: 'N', reason: '23', reasonBefore220: '01', eci: '07' },
  /** The same, where the requestor lets us ask elsewhere: this cardholder has no account to answer in. */
  'not-enrolled': { transStatus: 'N', reason: '13', eci: '07' },
  /** … or the requestor waits for too short a time. */
  'too-little-time': { transStatus: 'U', reason: '25', reasonBefore220: '01', eci: '07' },
  /** The cardholder said so in the account, apart from the merchant. */
  approved: { transStatus: 'Y', eci: '05' },
  declined: { transStatus: 'N', reason: '01', eci: '07' },
  /** The cardholder said in the account, while it was asked about, that it was not them: suspected fraud. */
  reported: { transStatus: 'R', reason: '11', eci: '07' },
  /** The cardholder was told, and said nothing for as long as the requestor waits. */
  'not-answered': { transStatus: 'U', reason: '24', reasonBefore220: '01', challengeCancel: '03', eci: '07' },
  'tries-spent': { transStatus: 'N', reason: '19', eci: '07' },
  cancelled: { transStatus: 'N', reason: '01', challengeCancel: '01', eci: '07', since231: { reason: '19' } },
  'window-not-opened': { transStatus: 'N', reason: '14', challengeCancel: '05', eci: '07' },
  'window-timed-out': { transStatus: 'N', reason: '14', challengeCancel: '04', eci: '07' },
  /** challengeCancel 08 from an app: its SDK waited no longer. Reason 14 is our own time-outs' alone. */
  'sdk-timed-out': { transStatus: 'N', reason: '01', challengeCancel: '08', eci: '07' },
  /** An app's SDK met an error: any other challengeCancel. */
  'sdk-failed': { transStatus: 'U', reason: '22', reasonBefore220: '01', challengeCancel: '06', eci: '07' },
  /** An app's SDK answered a CRes with an Erro. */
  'sdk-erro': {
    transStatus: 'U',
    reason: '22',
    reasonBefore220: '01',
    challengeCancel: '06',
    eci: '07',
    since231: { challengeCancel: '09' },
  },
  /** No gateway took the code. */
  'delivery-failed': { transStatus: 'U', reason: '22', reasonBefore220: '01', eci: '07' },
  /** The code could go by text message alone, and a cap on those was reached (domain/contact/sms-caps.ts). */
  'sms-limited': { transStatus: 'U', reason: '22', reasonBefore220: '01', eci: '07' },
  /** We are slow or out of order. */
  'internal-error': { transStatus: 'U', reason: '22', reasonBefore220: '01', eci: '07' },
  /** The merchant opened the window with a broken or a second, different CReq. */
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
  /** transStatusReason; 22 exists from 2.2.0 on, before it `reasonBefore220` stands. */
  readonly reason?: string
  readonly reasonBefore220?: string
  readonly challengeCancel?: string
  /** What 2.3.1 says instead. */
  readonly since231?: { readonly reason?: string; readonly challengeCancel?: string }
  /** ECI 05 authenticated, 06 attempted, 07 not authenticated. */
  readonly eci: string
}

type TransStatus = 'Y' | 'N' | 'U' | 'A' | 'R' | 'C' | 'D' | 'I'

export interface OutcomeElements {
  readonly transStatus: TransStatus
  readonly transStatusReason?: string
  readonly challengeCancel?: string
  readonly eci: string
}

/** The message elements for an ending, in the version of the transaction. */
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

/** Browser CRes carries Y or N alone: what the RReq calls U, A or R is N to the merchant's page. */
export function transStatusForCRes(outcome: Outcome): 'Y' | 'N' {
  return outcomes[outcome].transStatus === 'Y' ? 'Y' : 'N'
}
