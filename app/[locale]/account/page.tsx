import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { formatTime } from '#domain/kernel/time.ts'
import { signsInHere } from '#server/account/identity.ts'
import { readOverview } from '#server/account/overview.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../shell/languages.ts'
import { addressOf, requireActor } from './actor.ts'
import { AccountPage } from './shell/account-page.tsx'
import { menuPages, pageKey } from './shell/pages.ts'
import { RestrictionNote } from './shell/restriction-note.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('pages.overview')} | ${config().issuer.brand.service}` }
}

/** The overview of the account, with links to change things. */
export default async function OverviewPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const { name, lastFours, enrolledAt, passkeys, waiting, restriction } = await readOverview(actor)
  const say = await getTranslations({ locale, namespace: 'account' })
  return (
    <AccountPage
      locale={locale}
      page=""
      title={say('pages.overview')}
      lead={name === undefined ? say('overview.greetingWithoutName') : say('overview.greeting', { name })}
    >
      {restriction && <RestrictionNote locale={locale} restriction={restriction} />}
      {waiting > 0 && (
        <section aria-labelledby="waiting" className="note flex max-w-[40em] flex-col items-start gap-3">
          <h2 id="waiting" className="text-base">
            {say('overview.paymentsHeading', { waiting })}
          </h2>
          <a href={addressOf(locale, 'payments')} className="text-link">
            {say('overview.payments')}
          </a>
        </section>
      )}
      {passkeys === 0 && signsInHere() && (
        <section aria-labelledby="passkey" className="note flex max-w-[40em] flex-col items-start gap-3">
          <h2 id="passkey" className="text-base">
            {say('overview.passkeyHeading')}
          </h2>
          <p>{say('overview.passkeyText')}</p>
          <a href={addressOf(locale, 'passkeys')} className="text-link">
            {say('overview.passkey')}
          </a>
        </section>
      )}
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {menuPages()
          .filter(page => page !== '')
          .map(page => (
            <li key={page} className="card">
              <h2 className="text-base">
                <a href={addressOf(locale, page)} className="text-link">
                  {say(`pages.${pageKey(page)}`)}
                </a>
              </h2>
              <p className="text-sm">{say(`overview.about.${page}` as never)}</p>
            </li>
          ))}
      </ul>
      <dl className="grid max-w-[40em] grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        <dt className="text-soft">{say('overview.cards')}</dt>
        <dd>{lastFours.map(lastFour => say('overview.card', { lastFour })).join(say('overview.separator'))}</dd>
        <dt className="text-soft">{say('overview.enrolled')}</dt>
        <dd>{formatTime(enrolledAt, locale)}</dd>
      </dl>
    </AccountPage>
  )
}
