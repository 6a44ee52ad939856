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

/** The top of every page of site and account. `path` is the page's address after its language. */
export function Masthead({
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
  /** Shown beside the language switch. */
  children?: ReactNode
}) {
  const { brand } = config().issuer
  return (
    <header className="masthead">
      <a href="#content" className="skip">
        {words.skip}
      </a>
      <div className="measure flex flex-wrap items-center gap-x-4 gap-y-2 pt-4 pb-1 sm:gap-x-6">
        <a href={`/${language}`} className="brand flex flex-1 items-center gap-3">
          {/* The wrapper needs a fixed width: a picture that may shrink counts as zero width when the line wraps. */}
          <span className="w-10 shrink-0">
            <Mark size={40} />
          </span>
          <span className="leading-tight">
            <span className="block text-xl font-bold">{brand.service}</span>
            <span className="block text-sm text-soft">{brand.issuer[language]}</span>
          </span>
        </a>
        <div className="flex items-center gap-x-4 max-sm:-ms-3 sm:gap-x-6">
          <LanguageSwitch language={language} path={path} />
          {children}
        </div>
      </div>
      {menu.length > 0 && (
        <nav aria-label={words.menu} className="measure">
          <ul className="menu">
            {menu.map(({ href, name, current }) => (
              <li key={href}>
                <a href={href} aria-current={current}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </header>
  )
}
