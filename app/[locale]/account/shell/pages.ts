/** What the account's menu leads to, in its order: add a page here and its words under `account.pages`. */
export const accountPages = ['', 'payments', 'contact', 'passkeys', 'sessions', 'activity'] as const

export type AccountPageName = (typeof accountPages)[number]

/** Its key in messages/: the overview has no path. */
export function pageKey(page: AccountPageName) {
  return page === '' ? 'overview' : page
}
