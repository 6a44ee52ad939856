import type { TypedCodePolicy } from './policy.ts'

// The one-time code that a message carries. Times are milliseconds since the epoch. The caller decides which table
// holds a code and what its end means. Several codes that are sent together may share one `CodeState`.

/** Attempts, sends and times of the newest code. */
export interface CodeState {
  /** Codes compared so far, over all codes sent; counted before comparing. */
  readonly attempts: number
  readonly sends: number
  readonly sentAt: number
  readonly expiresAt: number
}

/** What is stored of the newest code and the earlier ones; never a code itself. */
export interface StoredCode {
  readonly hmac: Uint8Array
  readonly keyId: number
  readonly earlier: readonly EarlierCode[]
}

/** A code that a newer one has replaced, and whether it has been entered since. Stored as JSON. */
export interface EarlierCode {
  readonly keyId: number
  /** base64url */
  readonly hmac: string
  readonly entered?: true
}

type OneTimeCode = CodeState & StoredCode

/** The state of the first code, sent now. It expires at `latest` at the latest. */
export function issue(policy: TypedCodePolicy, now: number, latest = Number.POSITIVE_INFINITY): CodeState {
  return { attempts: 0, sends: 1, sentAt: now, expiresAt: Math.min(now + policy.lifetime, latest) }
}

export type Resend =
  /** The state to save. The previous code becomes an earlier code. */
  | { readonly kind: 'send'; readonly state: CodeState }
  | { readonly kind: 'resends-spent' }
  | { readonly kind: 'resend-too-soon'; readonly until: number }

/**
 * Decides whether another code may be sent. Attempts are not given back. `sentAt` is undefined when no code is
 * pending, for example after a failed delivery.
 */
export function resend(
  { attempts, sends, sentAt }: Pick<CodeState, 'attempts' | 'sends'> & { readonly sentAt: number | undefined },
  policy: TypedCodePolicy,
  now: number,
  latest?: number,
): Resend {
  if (sends >= policy.sends) return { kind: 'resends-spent' }
  const until = sentAt === undefined ? now : sentAt + policy.resendAfter
  if (now < until) return { kind: 'resend-too-soon', until }
  return { kind: 'send', state: { ...issue(policy, now, latest), attempts, sends: sends + 1 } }
}

/** Whether a code may be entered. Call it before the attempt is counted. */
export function statusOf(
  { attempts, expiresAt }: Pick<CodeState, 'attempts' | 'expiresAt'>,
  policy: TypedCodePolicy,
  now: number,
): 'active' | 'code-expired' | 'attempts-spent' {
  if (attempts >= policy.attempts) return 'attempts-spent'
  return now >= expiresAt ? 'code-expired' : 'active'
}

/** How an entered code compares with the stored ones (server/codes). */
export type Compared =
  | { readonly kind: 'match' }
  /**
   * A newer code has replaced it. `first`: it is entered for the first time since then. `earlier`: the earlier codes
   * to save if the answer is `code-earlier`.
   */
  | { readonly kind: 'earlier'; readonly first: boolean; readonly earlier: readonly EarlierCode[] }
  | { readonly kind: 'other' }

export type Attempt =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'code-wrong'; readonly attemptsLeft: number }
  | { readonly kind: 'code-expired' }
  /** `free`: the first mistake of this kind uses no attempt. `change`: what to save. */
  | {
      readonly kind: 'code-earlier'
      readonly free: boolean
      readonly change: Pick<OneTimeCode, 'attempts' | 'earlier'>
    }
  /** No code is accepted any more. */
  | { readonly kind: 'attempts-spent' }

/** Decides the result of an entered code. `attempts` already includes this attempt. */
export function attempt(
  { attempts, expiresAt }: Pick<CodeState, 'attempts' | 'expiresAt'>,
  compared: Compared,
  policy: TypedCodePolicy,
  now: number,
): Attempt {
  const attemptsLeft = policy.attempts - attempts
  if (attemptsLeft < 0) return { kind: 'attempts-spent' }
  const expired = now >= expiresAt
  if (!expired && compared.kind === 'match') return { kind: 'accepted' }
  if (!expired && compared.kind === 'earlier' && compared.first) {
    return { kind: 'code-earlier', free: true, change: { attempts: attempts - 1, earlier: compared.earlier } }
  }
  if (attemptsLeft === 0) return { kind: 'attempts-spent' }
  if (expired) return { kind: 'code-expired' }
  if (compared.kind === 'earlier') {
    return { kind: 'code-earlier', free: false, change: { attempts, earlier: compared.earlier } }
  }
  return { kind: 'code-wrong', attemptsLeft }
}
