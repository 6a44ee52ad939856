import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { formatDate } from '#domain/kernel/time.ts'
import { type TermsVersion, termsEffectiveAt } from '#domain/terms/versions.ts'

/** Says from which day another version of the terms is effective, until it is. */
export async function ComingTerms({ locale, version }: { locale: Language; version: TermsVersion | undefined }) {
  if (!version) return null
  const say = await getTranslations({ locale, namespace: 'account.comingTerms' })
  return (
    <p className="note max-w-[40em]">
      {say('text', { day: formatDate(termsEffectiveAt(version), locale) })}{' '}
      <a href={`/${locale}/terms/${version}`} target="_blank" rel="noopener" className="text-link">
        {say('link')}
      </a>
    </p>
  )
}
