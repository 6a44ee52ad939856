import type { SignInMethod } from '#domain/account/session.ts'
import type { Instant } from '#domain/kernel/instant.ts'

/** A session in which the cardholder has authenticated strongly within the last minutes. */
interface StrongSession {
  /** How it began. */
  readonly method: SignInMethod
  /** Since when the account has had the means of that strong authentication. */
  readonly proofSince: Instant | undefined
}

/**
 * Whether a session may confirm a contact that was registered in the window of a purchase: by the code of a letter, the
 * issuer's identity provider, or a passkey, device or number that is older than the contact. The contact itself proves
 * nothing about its owner, and neither does what was added with it.
 */
export function confirmsContact({ method, proofSince }: StrongSession, registeredAt: Instant): boolean {
  if (method === 'letter' || method === 'identity-provider') return true
  return proofSince !== undefined && proofSince < registeredAt
}
