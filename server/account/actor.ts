import type { Shown } from '#domain/account/assurance.ts'
import type { Language } from '#domain/kernel/language.ts'

/** The signed-in cardholder, as use cases see them. */
export interface Actor extends Shown {
  readonly cardholderId: string
  readonly sessionId: string
  readonly language: Language
}
