import type { Language } from '#domain/kernel/language.ts'
import { config } from '../platform/config.ts'

/** The account's address as text to type: the window has no links out of it. */
export function accountAddress(language: Language): string {
  return `${new URL(config().publicOrigin).host}/${language}/account`
}

/** Path of the account page that shows the state of each card. */
export function cardsPath(language: Language): string {
  return `/${language}/account/cards`
}

/** Path of the account page on which payments are approved or declined. */
export function paymentsPath(language: Language): string {
  return `/${language}/account/payments`
}
