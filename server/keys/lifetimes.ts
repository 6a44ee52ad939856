import { accountPolicy } from '#domain/account/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { issuerNoticeLifetime, noticeLifetime } from '../messaging/message.ts'
import type { Purpose } from '../platform/key-ring.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour

/**
 * How long values made under a key may still be needed, in milliseconds, from when the key makes no new ones and no
 * permanent data is under it. Codes, letters, visits and messages are not renewed: they expire.
 */
const lifetimes: Readonly<Record<Purpose, number>> = {
  // Authentication values are bound to the HMAC of the card number.
  'card-lookup': 90 * day,
  'authentication-value': 90 * day,
  // A directory server repeats an AReq within seconds.
  areq: day,
  // Only the counters of limits keep their HMACs: they restart under the new key.
  'contact-lookup': 0,
  'proof-fact': 0,
  // Activation codes in letters have the longest lifetime.
  code: codePolicy.activation.lifetime,
  window: policy.windowTime + policy.methodResultValidFor,
  session: accountPolicy.sessionTime,
  contact: accountPolicy.visitTime,
  // The notice of a decoupled authentication is sent for as long as the cardholder may answer.
  outbox: Math.max(noticeLifetime, issuerNoticeLifetime, policy.maxDecoupledTime),
  // The key agreed with an app is deleted by the purge, which runs hourly, from half an hour after the end of the
  // challenge.
  'app-channel': policy.windowTime + 2 * hour,
  // Evidence is verified with the public key, which its recipients keep.
  evidence: 0,
}

/**
 * When a key is no longer needed, in milliseconds since the epoch. `disusedAt`: see `disused_at` in key_fingerprints.
 */
export function endOf(purpose: Purpose, disusedAt: number): number {
  return disusedAt + lifetimes[purpose]
}
