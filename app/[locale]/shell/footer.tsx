import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '#server/platform/config.ts'
import { DemoLinks } from '../../demo-banner.tsx'
import { ExternalLink } from './external-link.tsx'
import { publicPages } from './pages.ts'

/**
 * The bottom of every page of the site: links to all pages, the issuer, and that no card network provides the service.
 */
export async function SiteFooter({ language }: { language: Language }) {
  const { brand } = config().issuer
  const { service } = brand
  const say = await getTranslations({ locale: language, namespace: 'site' })
  return (
    <>
      <footer className="mt-auto border-t border-line bg-sheet text-sm">
        <div className="measure flex flex-col gap-6 py-8">
          <nav aria-label={say('nav.footer')}>
            <ul className="flex flex-wrap gap-x-6 gap-y-1">
              {publicPages.map(({ name, path }) => (
                <li key={name}>
                  <a href={`/${language}${path}`} className="block py-1 underline">
                    {say(`nav.${name}`)}
                  </a>
                </li>
              ))}
              <li>
                <a href={`/${language}/account/report`} className="block py-1 underline">
                  {say('nav.report')}
                </a>
              </li>
            </ul>
          </nav>
          <div className="flex flex-col gap-1 text-soft">
            <p className="font-bold text-ink">{brand.issuer[language]}</p>
            <p>{brand.postal[language]}</p>
            <p>
              <ExternalLink language={language} href={brand.website}>
                {say('footer.website', { issuer: brand.issuer[language] })}
              </ExternalLink>
            </p>
            <p className="mt-3 max-w-[60em]">{say('footer.independent', { service })}</p>
          </div>
        </div>
      </footer>
      <DemoLinks language={language} />
    </>
  )
}
