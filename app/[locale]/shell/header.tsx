import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { Masthead } from './masthead.tsx'
import { menuPages, pathOf } from './pages.ts'

/** The top of every page of the site. `path` is the page's address after its language. */
export async function SiteHeader({ language, path }: { language: Language; path: string }) {
  const say = await getTranslations({ locale: language, namespace: 'site.nav' })
  const menu = menuPages.map(name => ({
    href: `/${language}${pathOf(name)}`,
    name: say(name),
    current: pathOf(name) === path ? ('page' as const) : undefined,
  }))
  return (
    <Masthead language={language} path={path} words={{ skip: say('skip'), menu: say('label') }} menu={menu}>
      <a href={`/${language}/account`} className="text-link py-2 text-sm">
        {say('account')}
      </a>
    </Masthead>
  )
}
