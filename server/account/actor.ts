import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/challenge/machine.ts'

/** Who is signed in, as use cases see it. */
export interface Actor {
  readonly cardholderId: string
  readonly sessionId: string
  readonly language: Language
  /** When a passkey, a push or a code by text message was last shown in this session, milliseconds; undefined: an e-mail code alone. */
  readonly strongAt: number | undefined
}

/** Whether whoever is signed in may change things: an e-mail code alone can look, not touch. */
export function isFresh(actor: Actor, now: number): boolean {
  return actor.strongAt !== undefined && now - actor.strongAt < accountPolicy.freshFor
}
