import type { Instant } from '#domain/kernel/instant.ts'

/** What the window asks for in a registration. */
export type RegistrationStep = 'facts' | 'contact' | 'code'

export interface RegistrationFacts {
  /** When the facts were right; undefined until then. */
  readonly factsProvedAt: Instant | undefined
  /** The change that awaits its code, with the time at which it ends without one. */
  readonly asking: { readonly expiresAt: Instant } | undefined
}

/** The step follows from what is stored, so that a reload, another window or a crash never skips one. */
export function registrationStep({ factsProvedAt, asking }: RegistrationFacts, now: Instant): RegistrationStep {
  if (factsProvedAt === undefined) return 'facts'
  return asking && now < asking.expiresAt ? 'code' : 'contact'
}
