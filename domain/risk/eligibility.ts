import type { Outcome } from '#domain/emv/outcome.ts'
import { invalidity } from './card-standing.ts'
import { isSupported } from './requestor-initiated.ts'
import type { EligibilitySignals } from './signals.ts'

/**
 * Why a request is answered without evaluating its risk; undefined if it is eligible. The card cannot be authenticated,
 * or the message asks for something that we do not support, or for no authentication. The first reason decides.
 */
export function ineligibility(
  { card, channel, challengeInds, app, requestorInitiated }: EligibilitySignals,
  now: number,
): Outcome | undefined {
  if (!card) return 'card-unknown'
  const invalid = invalidity(card, now)
  if (invalid) return invalid
  if (channel === '01' && !app) return 'channel-not-supported'
  // 06, data share only: the requestor only sends data, and must never get a challenge.
  if (challengeInds.includes('06')) return 'information-only'
  if (channel === '03' && !(requestorInitiated && isSupported(requestorInitiated))) return '3ri-not-supported'
  return undefined
}
