import { provesDespiteReport } from '#domain/contact/report.ts'
import { accountPolicy } from './policy.ts'

// What each operation of the account needs: one table, read by use cases, actions and pages. docs/journeys.md says what each
// operation gives a thief who reads the mailbox, and its column of needs is drawn from here.

export type Assurance =
  /** No sign-in: it asks for something of its own, such as the code of a letter. */
  | 'none'
  /** Being signed in, which an e-mail code alone allows. */
  | 'session'
  /** A session in which a passkey, a push or a code by text message was shown, however long ago. */
  | 'strong-session'
  /** The same within the last minutes (`freshFor`); while a report is open, only a proof older than the dispute is valid. */
  | 'recent-strong'

export const assurance = {
  'sign-in': 'none',
  enrol: 'none',
  'report-by-notice': 'none',
  'view-account': 'session',
  'download-data': 'recent-strong',
  'change-contact': 'recent-strong',
  'enter-change-code': 'strong-session',
  'cancel-change': 'recent-strong',
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
  'change-settings': 'recent-strong',
  'end-sessions': 'session',
  'close-account': 'recent-strong',
} as const satisfies Readonly<Record<string, Assurance>>

export type Operation = keyof typeof assurance

/** What was shown in a session. Milliseconds. */
export interface Shown {
  /** When a passkey, a push or a code by text message was last shown; undefined: an e-mail code alone. */
  readonly strongAt: number | undefined
  /** Since when the cardholder has had what was shown then. */
  readonly proofSince?: number | undefined
  /** While a report is open: from when on things are in dispute. */
  readonly disputedSince?: number | undefined
}

/** Whether an operation is allowed to the session in which this was shown. */
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

/** Whether a strong proof was shown within the last minutes, and is valid despite an open report. */
export function isRecentlyStrong({ strongAt, proofSince, disputedSince }: Shown, now: number): boolean {
  const recent = strongAt !== undefined && now - strongAt < accountPolicy.freshFor
  return recent && provesDespiteReport(proofSince, disputedSince)
}
