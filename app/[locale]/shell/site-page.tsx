import type { ReactNode } from 'react'
import type { Language } from '#domain/kernel/language.ts'
import { SiteFooter } from './footer.tsx'
import { SiteHeader } from './header.tsx'

/** A page of the site between header and footer. `path` is its address after the language, as in `/help`. */
export function SitePage({ language, path, children }: { language: Language; path: string; children: ReactNode }) {
  return (
    <>
      <SiteHeader language={language} path={path} />
      <main id="content" tabIndex={-1} className="measure flex flex-col gap-10 py-8 sm:gap-14 sm:py-12">
        {children}
      </main>
      <SiteFooter language={language} />
      <script src="/site.js" defer />
    </>
  )
}
