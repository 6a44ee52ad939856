import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { provesDespiteReport } from '#domain/contact/report.ts'

/** Who is signed in, as use cases see it. */
export interface Actor {
  readonly cardholderId: string
  readonly sessionId: string
  readonly language: Language
  /** When a passkey, a push or a code by text message was last shown in this session, milliseconds; undefined: an e-mail code alone. */
  readonly strongAt: number | undefined
  /** Since when the cardholder has had what was shown then. */
  readonly proofSince?: number | undefined
  /** While a report is open: from when on things are in dispute. */
  readonly disputedSince?: number | undefined
}

/** Whether anything stronger than an e-mail code was shown in this session, however long ago. */
export function isStrong({ strongAt }: Actor): boolean {
  return strongAt !== undefined
}

/**
 * Whether whoever is signed in may change things: an e-mail code alone can look, not touch. While a report is open, neither can
 * a proof that is as young as what is in dispute.
 */
export function isFresh(actor: Actor, now: number): boolean {
  const shown = actor.strongAt !== undefined && now - actor.strongAt < accountPolicy.freshFor
  return shown && provesDespiteReport(actor.proofSince, actor.disputedSince)
}
