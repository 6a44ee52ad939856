import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { Language } from '#domain/kernel/language.ts'

/** A link that leaves the site, marked by an arrow and, for screen readers, by words. */
export async function ExternalLink({
  language,
  href,
  children,
}: {
  language: Language
  href: string
  children: ReactNode
}) {
  const say = await getTranslations({ locale: language, namespace: 'site' })
  return (
    <a href={href} rel="external noreferrer" className="text-link">
      {children}
      <svg
        aria-hidden="true"
        viewBox="0 0 12 12"
        width="12"
        height="12"
        className="ms-1 inline-block"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        <path d="M4.5 2.5h-3v8h8v-3M6.5 1.5h4v4M10.5 1.5l-5 5" />
      </svg>
      <span className="sr-only">{say('external')}</span>
    </a>
  )
}
