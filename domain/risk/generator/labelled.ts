import type { Authentication, ContactChanged, Reported } from '#domain/risk/history/event.ts'

export const fraudPatterns = [
  'account-takeover',
  'card-testing',
  'enumeration',
  'contact-change',
  'relay-phishing',
  'adaptive',
] as const

export type FraudPattern = (typeof fraudPatterns)[number]

/** An event, with what only the generator knows of it. */
export interface Labelled {
  readonly event: Authentication | ContactChanged | Reported
  /** Undefined: it comes from the cardholder. */
  readonly fraud?: FraudPattern | undefined
  /** Who pays could answer a challenge by a code, and one by a passkey or an approval device. */
  readonly answers?: { readonly code: boolean; readonly device: boolean } | undefined
}
