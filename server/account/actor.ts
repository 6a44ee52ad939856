import type { Shown } from '#domain/account/assurance.ts'
import type { Language } from '#domain/kernel/language.ts'

/** Who is signed in, as use cases see it. */
export interface Actor extends Shown {
  readonly cardholderId: string
  readonly sessionId: string
  readonly language: Language
}
