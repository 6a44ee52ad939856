import type { DeviceChannel } from '#domain/emv/field.ts'
import { type Outcome, outcomes } from '#domain/emv/outcome.ts'
import type { Authentication, Ended } from './event.ts'

// What an outcome says about who paid.

/** Answers to those who use a card that cannot be used: that is tried with stolen numbers. */
const failures: ReadonlySet<Outcome> = new Set(['card-stolen', 'card-closed', 'card-expired', 'locked'])

/**
 * Of an AReq that was answered without a challenge. In 3RI no one was there, so a payment that was not permitted says
 * nothing. Neither do attempts (A), information only (I), and errors of ours (U).
 */
export function resultOfAnswer(outcome: Outcome, channel: DeviceChannel): Authentication['result'] {
  const { transStatus } = outcomes[outcome]
  if (transStatus === 'Y') return 'frictionless'
  if ((transStatus !== 'N' && transStatus !== 'R') || channel === '03') return undefined
  return failures.has(outcome) ? 'failed' : 'refused'
}

/**
 * Of a challenge. Undefined after an error, when no one answered a decoupled one, and when a secure payment confirmation
 * was not given: the payment goes on by another challenge.
 */
export function resultOfChallenge(outcome: Outcome): Extract<Ended['result'], 'passed' | 'failed'> | undefined {
  const { transStatus } = outcomes[outcome]
  if (transStatus === 'Y') return 'passed'
  return (transStatus === 'N' || transStatus === 'R') && outcome !== 'unconfirmed' ? 'failed' : undefined
}
