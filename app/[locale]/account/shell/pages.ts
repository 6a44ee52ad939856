import { signsInHere } from '#server/account/identity.ts'

/** What the account's menu leads to, in its order: add a page here and its words under `account.pages`. */
const accountPages = ['', 'payments', 'contact', 'cards', 'passkeys', 'sessions', 'activity', 'settings'] as const

export type AccountPageName = (typeof accountPages)[number]

/** Where the issuer's identity provider signs people in, passkeys are kept there. */
export function menuPages(): AccountPageName[] {
  return accountPages.filter(page => page !== 'passkeys' || signsInHere())
}

/** Its key in messages/: the overview has no path. */
export function pageKey(page: AccountPageName) {
  return page === '' ? 'overview' : page
}
