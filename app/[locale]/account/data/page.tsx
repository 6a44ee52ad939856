import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { allows } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../actor.ts'
import { AccountPage } from '../shell/account-page.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.data' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/** The download of the data stored about the cardholder, and the link to closing the account. */
export default async function DataPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const say = await getTranslations({ locale, namespace: 'account.data' })
  return (
    <AccountPage locale={locale} page="data" title={say('title')} lead={say('lead')}>
      <section aria-labelledby="download" className="flex max-w-[40em] flex-col items-start gap-3">
        <h2 id="download">{say('downloadHeading')}</h2>
        <p>{say('downloadText')}</p>
        <p className="text-sm">{say('downloadHint')}</p>
        {allows('download-data', actor, now()) ? (
          <a href={addressOf(locale, 'data/download')} className="button" download>
            {say('download')}
          </a>
        ) : (
          <a href={confirmFor(locale, 'data')} className="button">
            {say('confirmFirst', { minutes: accountPolicy.freshFor / 60_000 })}
          </a>
        )}
      </section>
      <section aria-labelledby="close" className="flex max-w-[40em] flex-col items-start gap-3">
        <h2 id="close">{say('closeHeading')}</h2>
        <p>{say('closeText')}</p>
        <a href={addressOf(locale, 'data/close')} className="text-link">
          {say('closeLink')}
        </a>
      </section>
    </AccountPage>
  )
}
