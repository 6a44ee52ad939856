import { signsInHere } from '#server/account/identity.ts'
import { keepsTrustList } from '#server/challenge/trust.ts'

/** What the account's menu leads to, in its order: add a page here and its words under `account.pages`. */
const accountPages = ['', 'payments', 'contact', 'cards', 'merchants', 'security', 'activity', 'settings'] as const

export type AccountPageName = (typeof accountPages)[number]

/** Pages with an address of their own that stand below one of the menu; add their words under `account.pages`, too. */
const securityPages = ['passkeys', 'devices', 'sessions'] as const

/** Trusted merchants, where the issuer keeps a list of them. */
export function menuPages(): readonly AccountPageName[] {
  return accountPages.filter(page => page !== 'merchants' || keepsTrustList())
}

/** Where the issuer's identity provider signs people in, passkeys are kept there. */
export function pagesBelowSecurity() {
  return securityPages.filter(page => page !== 'passkeys' || signsInHere())
}

/** The menu's entry that a page belongs to: itself, or the one above it. `page` is an address below /account. */
export function menuEntryOf(page: string): AccountPageName | undefined {
  const [first = ''] = page.split('/')
  const entry = securityPages.some(name => name === first) ? 'security' : first === 'data' ? 'settings' : first
  return accountPages.find(name => name === entry)
}

/** Its key in messages/: the overview has no path. */
export function pageKey(page: AccountPageName) {
  return page === '' ? 'overview' : page
}
