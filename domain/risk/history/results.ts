import type { DeviceChannel } from '#domain/emv/field.ts'
import { type Outcome, outcomes } from '#domain/emv/outcome.ts'
import type { Authentication, Ended } from './event.ts'

// What an outcome says about who paid.

/**
 * Of an AReq that was answered without a challenge. A 3RI payment that was not permitted is no failure: no one was
 * there. Neither are attempts (A), information only (I), and errors of ours (U).
 */
export function resultOfAnswer(outcome: Outcome, channel: DeviceChannel): Authentication['result'] {
  const { transStatus } = outcomes[outcome]
  if (transStatus === 'Y') return 'frictionless'
  return (transStatus === 'N' || transStatus === 'R') && channel !== '03' ? 'refused' : undefined
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
