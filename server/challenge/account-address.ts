import type { Language } from '#domain/kernel/language.ts'
import { config } from '../platform/config.ts'

/** The account's address as one types it: nothing leads out of the window. */
export function accountAddress(language: Language): string {
  return `${new URL(config().publicOrigin).host}/${language}/account`
}

/** The page of the account on which payments are answered. */
export function paymentsPath(language: Language): string {
  return `/${language}/account/payments`
}
