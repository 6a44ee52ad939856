/** The public pages, once: menus, site map and tests go by this list. A path comes after the language. */
export const publicPages = [
  { name: 'home', path: '' },
  { name: 'prepare', path: '/prepare' },
  { name: 'help', path: '/help' },
  { name: 'security', path: '/security' },
  { name: 'merchants', path: '/merchants' },
  { name: 'terms', path: '/terms' },
  { name: 'privacy', path: '/privacy' },
  { name: 'accessibility', path: '/accessibility' },
  { name: 'status', path: '/status' },
] as const

export type PageName = (typeof publicPages)[number]['name']

/** What stands at the top of every page; the rest is in the footer. */
export const menuPages: readonly PageName[] = ['prepare', 'help', 'security', 'merchants', 'terms']

export function pathOf(name: PageName): string {
  return publicPages.find(page => page.name === name)?.path ?? ''
}
