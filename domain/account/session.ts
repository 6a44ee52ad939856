import { accountPolicy } from './policy.ts'

/** How a session began. */
export type SignInMethod = 'email' | 'passkey' | 'letter' | 'identity-provider'

export interface SessionTimes {
  readonly createdAt: number
  readonly lastSeenAt: number
}

/** Why a session is over: unused for too long, open for too long, or ended by a person. */
export type SessionEnd = 'idle' | 'too-long' | 'ended'

/** When a session ends if it is not used again: at the idle or the absolute limit, whichever comes first. */
export function endOf({ createdAt, lastSeenAt }: SessionTimes): number {
  return Math.min(lastSeenAt + accountPolicy.idleTime, createdAt + accountPolicy.sessionTime)
}

/** Why a session is over; undefined while it is not. */
export function whyEnded(
  { endedAt, ...times }: SessionTimes & { readonly endedAt: number | null },
  now: number,
): SessionEnd | undefined {
  if (endedAt !== null) return 'ended'
  if (now < endOf(times)) return undefined
  return times.lastSeenAt + accountPolicy.idleTime <= now ? 'idle' : 'too-long'
}
