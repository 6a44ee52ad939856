import { accountPolicy } from '#domain/account/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { issuerNoticeLifetime, noticeLifetime } from '../messaging/message.ts'
import type { Purpose } from '../platform/key-ring.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour

/**
 * How long what was made under a key may still be needed once the key makes nothing new and nothing that stays is under
 * it: codes, letters, visits and messages are not made anew, they run out. Milliseconds.
 */
const lifetimes: Readonly<Record<Purpose, number>> = {
  // Authentication values are bound to the card's tag.
  'card-lookup': 90 * day,
  'authentication-value': 90 * day,
  // A directory server sends an AReq again within seconds.
  areq: day,
  // Counts of limits alone are not tagged anew: they begin again under the new key.
  'contact-lookup': 0,
  'proof-fact': 0,
  // The codes of letters live longest.
  code: codePolicy.activation.lifetime,
  window: policy.windowTime + policy.methodResultValidFor,
  session: accountPolicy.sessionTime,
  contact: accountPolicy.visitTime,
  // A question apart from the merchant is told of for as long as it may be answered.
  outbox: Math.max(noticeLifetime, issuerNoticeLifetime, policy.mostDecoupledTime),
  // The key agreed on with an app is removed by the purge, which runs hourly, half an hour after the end.
  'app-channel': policy.windowTime + 2 * hour,
}

/** From when on a key is not needed any more. */
export function endOf(purpose: Purpose, disusedAt: number): number {
  return disusedAt + lifetimes[purpose]
}
