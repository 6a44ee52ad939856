import { provesDespiteReport } from '#domain/contact/report.ts'
import { accountPolicy } from './policy.ts'

// The assurance that each operation of the account requires: one table, read by use cases, actions and pages.
// docs/journeys.md says what each operation gives a thief who reads the mailbox; its column of requirements is drawn
// from this table.

export type Assurance =
  /** No sign-in. The operation asks for its own proof, such as the code of a letter. */
  | 'none'
  /** A session, for which an e-mail code is enough. */
  | 'session'
  /** A session with a strong authentication (a passkey, a push or a code by text message), however long ago. */
  | 'strong-session'
  /**
   * A strong authentication within the last minutes (`freshFor`). While a report is open, its means must be older than
   * the dispute.
   */
  | 'recent-strong'

export const assurance = {
  'sign-in': 'none',
  enrol: 'none',
  'report-by-notice': 'none',
  'answer-request': 'none',
  'view-account': 'session',
  'download-data': 'recent-strong',
  'change-contact': 'recent-strong',
  'enter-change-code': 'strong-session',
  'cancel-change': 'recent-strong',
  'confirm-contact': 'recent-strong',
  'stop-mobile': 'session',
  'resolve-report': 'recent-strong',
  'report-entry': 'session',
  'send-test-code': 'session',
  'step-up': 'session',
  'add-passkey': 'recent-strong',
  'remove-passkey': 'recent-strong',
  'rename-passkey-or-device': 'session',
  'add-device': 'recent-strong',
  'remove-device': 'session',
  'trust-merchant': 'recent-strong',
  'distrust-merchant': 'session',
  'answer-payment': 'recent-strong',
  'confirm-refused-payment': 'recent-strong',
  'unlock-codes': 'recent-strong',
  'change-settings': 'recent-strong',
  'end-sessions': 'session',
  'close-account': 'recent-strong',
} as const satisfies Readonly<Record<string, Assurance>>

export type Operation = keyof typeof assurance

/** The authentications of a session. Times in milliseconds since the epoch. */
export interface Shown {
  /** When the last strong authentication succeeded; undefined if there was only an e-mail code. */
  readonly strongAt: number | undefined
  /** Since when the account has had the means (passkey, device or number) used for it. */
  readonly proofSince?: number | undefined
  /** While a report is open: the time from which everything is in dispute. */
  readonly disputedSince?: number | undefined
}

/** Whether a session with these authentications may perform an operation. */
export function allows(operation: Operation, shown: Shown, now: number): boolean {
  const needed: Assurance = assurance[operation]
  switch (needed) {
    case 'none':
    case 'session':
      return true
    case 'strong-session':
      return shown.strongAt !== undefined
    case 'recent-strong':
      return isRecentlyStrong(shown, now)
  }
}

/** Whether there was a strong authentication within the last minutes that is valid despite an open report. */
export function isRecentlyStrong({ strongAt, proofSince, disputedSince }: Shown, now: number): boolean {
  const recent = strongAt !== undefined && now - strongAt < accountPolicy.freshFor
  return recent && provesDespiteReport(proofSince, disputedSince)
}
