/** The public pages. Menus, site map and tests use this list. A path comes after the language. */
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

/** The pages in the header's menu; the footer links to all of them. */
export const menuPages: readonly PageName[] = ['prepare', 'help', 'security', 'merchants', 'terms']

export function pathOf(name: PageName): string {
  return publicPages.find(page => page.name === name)?.path ?? ''
}
