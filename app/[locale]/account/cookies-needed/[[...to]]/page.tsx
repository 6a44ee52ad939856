import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { pageOf } from '#domain/account/form.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf } from '../../actor.ts'
import { AccountPage } from '../../shell/account-page.tsx'

interface CookiesParams {
  readonly params: Promise<{ readonly locale: string; readonly to?: string[] }>
}

export async function generateMetadata({ params }: CookiesParams): Promise<Metadata> {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const say = await getTranslations({ locale, namespace: 'account.cookiesNeeded' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/** Shown after a browser without cookies posts a form: explains what is missing, and links back to the form. */
export default async function CookiesNeededPage({ params }: CookiesParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const to = pageOf((await params).to) || 'sign-in'
  const say = await getTranslations({ locale, namespace: 'account.cookiesNeeded' })
  return (
    <AccountPage locale={locale} page={`cookies-needed/${to}`} title={say('title')} lead={say('lead')}>
      <div className="flex max-w-[40em] flex-col items-start gap-4">
        <p>{say('text')}</p>
        <p>{say('private')}</p>
        <p>
          <a href={addressOf(locale, to)} className="button">
            {say('again')}
          </a>
        </p>
        <p>{config().issuer.brand.support[locale]}</p>
      </div>
    </AccountPage>
  )
}
