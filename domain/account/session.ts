import { accountPolicy } from './policy.ts'

/** How a session began. */
export type SignInMethod = 'email' | 'passkey' | 'letter' | 'identity-provider'

export interface SessionTimes {
  readonly createdAt: number
  readonly lastSeenAt: number
}

/** When a session ends if it is not used again: at the idle or the absolute limit, whichever comes first. */
export function endOf({ createdAt, lastSeenAt }: SessionTimes): number {
  return Math.min(lastSeenAt + accountPolicy.idleTime, createdAt + accountPolicy.sessionTime)
}
