import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/challenge/machine.ts'
import { config } from '#server/platform/config.ts'
import { LanguageSwitch } from './language-switch.tsx'
import { Mark } from './mark.tsx'
import { menuPages, pathOf } from './pages.ts'

/** The top of every page of the site. `path` is the page's address after its language. */
export async function SiteHeader({ language, path }: { language: Language; path: string }) {
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language, namespace: 'site.nav' })
  return (
    <header className="masthead">
      <a href="#content" className="skip">
        {say('skip')}
      </a>
      <div className="measure flex flex-wrap items-center gap-x-6 gap-y-2 pt-4 pb-1">
        <a href={`/${language}`} className="brand flex flex-1 items-center gap-3">
          <Mark size={40} />
          <span className="leading-tight">
            <span className="block text-xl font-bold">{brand.service}</span>
            <span className="block text-sm text-soft">{brand.issuer[language]}</span>
          </span>
        </a>
        <LanguageSwitch language={language} path={path} />
        <a href={`/${language}/account`} className="text-link py-2 text-sm">
          {say('account')}
        </a>
      </div>
      <nav aria-label={say('label')} className="measure">
        <ul className="menu">
          {menuPages.map(name => (
            <li key={name}>
              <a href={`/${language}${pathOf(name)}`} aria-current={pathOf(name) === path ? 'page' : undefined}>
                {say(name)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  )
}
