import { signsInHere } from '#server/account/identity.ts'
import { capabilities } from '#server/capabilities.ts'

/** The entries of the account's menu, in order. To add a page, add it here and its words under `account.pages`. */
const accountPages = ['', 'payments', 'contact', 'cards', 'merchants', 'security', 'activity', 'settings'] as const

export type AccountPageName = (typeof accountPages)[number]

/** Pages below the menu's "security" entry. Add their words under `account.pages`, too. */
const securityPages = ['passkeys', 'devices', 'sessions'] as const

/** The menu, without trusted merchants if the issuer keeps no list of them. */
export function menuPages(): readonly AccountPageName[] {
  const { trustedMerchants } = capabilities()
  return accountPages.filter(page => page !== 'merchants' || trustedMerchants)
}

/**
 * Without passkeys if the issuer's identity provider signs people in, because passkeys are managed there; without
 * devices where none can be registered.
 */
export function pagesBelowSecurity() {
  const shown = { passkeys: signsInHere(), devices: capabilities().approvalDevices, sessions: true }
  return securityPages.filter(page => shown[page])
}

/** The menu entry of a page: its own, or that of the page above it. `page` is an address below /account. */
export function menuEntryOf(page: string): AccountPageName | undefined {
  const [first = ''] = page.split('/')
  const entry = securityPages.some(name => name === first) ? 'security' : first === 'data' ? 'settings' : first
  return accountPages.find(name => name === entry)
}

/** The key of a page in messages/. The overview has an empty path. */
export function pageKey(page: AccountPageName) {
  return page === '' ? 'overview' : page
}
