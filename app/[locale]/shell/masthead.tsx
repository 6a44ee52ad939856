import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '#server/platform/config.ts'
import { LanguageSwitch } from './language-switch.tsx'
import { Mark } from './mark.tsx'

/** An entry of a page's menu. */
interface MenuEntry {
  readonly href: string
  readonly name: string
  /** `page`: the current page; `true`: the current page is below it. */
  readonly current?: 'page' | 'true' | undefined
}

/**
 * The top of every page of site and account. `path` is the page's address after its language. On narrow screens the
 * menu and `children` are behind a disclosure, which needs no script; public/menu.js lets Escape close it.
 */
export async function Masthead({
  language,
  path,
  words,
  menu,
  children,
}: {
  language: Language
  path: string
  /** The words of the skip link, and the menu's name for screen readers. */
  words: { readonly skip: string; readonly menu: string }
  /** Empty if the page has no menu. */
  menu: readonly MenuEntry[]
  /** Shown beside the language switch; on narrow screens in the menu. */
  children?: ReactNode
}) {
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language, namespace: 'site.nav' })
  const entries = (style?: string) =>
    menu.map(({ href, name, current }) => (
      <li key={href}>
        <a href={href} aria-current={current} className={style}>
          {name}
        </a>
      </li>
    ))
  return (
    <header className="masthead">
      <a href="#content" className="skip">
        {words.skip}
      </a>
      <div className="masthead-line measure">
        <a href={`/${language}`} className="brand">
          <span className="w-8 shrink-0 lg:w-10">
            <Mark size={40} />
          </span>
          <span className="min-w-0 leading-tight">
            <span className="block truncate text-lg font-bold lg:text-xl">{brand.service}</span>
            <span className="block truncate text-xs text-soft lg:text-sm">{brand.issuer[language]}</span>
          </span>
        </a>
        <LanguageSwitch language={language} path={path} />
        {children && <div className="max-lg:hidden">{children}</div>}
        {menu.length > 0 && (
          <nav aria-label={words.menu} className="lg:hidden">
            <details className="folded-menu">
              <summary>{say('open')}</summary>
              <div className="folded-menu-panel measure">
                <ul>{entries('folded-menu-link')}</ul>
                {children}
              </div>
            </details>
          </nav>
        )}
      </div>
      {menu.length > 0 && (
        <nav aria-label={words.menu} className="measure max-lg:hidden">
          <ul className="menu">{entries()}</ul>
        </nav>
      )}
      {menu.length > 0 && <script src="/menu.js" async />}
    </header>
  )
}
