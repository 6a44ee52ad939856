import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { formatTime } from '#domain/kernel/time.ts'
import { comingTerms } from '#domain/terms/versions.ts'
import { signsInHere } from '#server/account/identity.ts'
import { readOverview } from '#server/account/overview.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../shell/languages.ts'
import { Entry } from './activity/entry.tsx'
import { addressOf, requireActor } from './actor.ts'
import { ContactState, PendingChange, WaitingPaymentNote } from './overview-parts.tsx'
import { AccountPage } from './shell/account-page.tsx'
import { ComingTerms } from './shell/coming-terms.tsx'
import { menuPages, pageKey } from './shell/pages.ts'
import { RestrictionNote } from './shell/restriction-note.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('pages.overview')} | ${config().issuer.brand.service}` }
}

/** How things stand, what needs the cardholder first; the links to change things come last. */
export default async function OverviewPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const overview = await readOverview(await requireActor(locale))
  const { name, contacts, waiting, payments, lastSignIn } = overview
  const { email, mobile, restriction } = contacts
  const changes = [email.change, mobile.change].flatMap(change => change ?? [])
  const say = await getTranslations({ locale, namespace: 'account' })
  return (
    <AccountPage
      locale={locale}
      page=""
      title={say('pages.overview')}
      lead={name === undefined ? say('overview.greetingWithoutName') : say('overview.greeting', { name })}
    >
      <ComingTerms locale={locale} version={comingTerms(now())} />
      {waiting.payments.length > 0 && <WaitingPaymentNote locale={locale} waiting={waiting} />}
      {restriction && <RestrictionNote locale={locale} restriction={restriction} />}
      {changes.map(change => (
        <PendingChange key={change.id} locale={locale} change={change} />
      ))}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,40em)_minmax(0,1fr)] lg:gap-12">
        <div className="flex flex-col gap-8">
          <section aria-labelledby="standing" className="flex flex-col gap-3">
            <h2 id="standing">{say('overview.standing')}</h2>
            <dl className="facts card">
              <dt>{say('contact.email.heading')}</dt>
              <dd>
                <ContactState locale={locale} contact={email} restricted={restriction !== undefined} />
              </dd>
              <dt>{say('contact.mobile.heading')}</dt>
              <dd>
                <ContactState locale={locale} contact={mobile} restricted={false} />
              </dd>
              <dt>{say('security.lastHeading')}</dt>
              <dd>
                {lastSignIn
                  ? say('security.last', {
                      time: formatTime(lastSignIn.at, locale),
                      device: lastSignIn.device || say('activity.unknownDevice'),
                      method: say(`activity.methods.${lastSignIn.method}`),
                    })
                  : say('security.lastNone')}
              </dd>
              <dt>{say('overview.cards')}</dt>
              <dd>
                {overview.lastFours.map(lastFour => say('overview.card', { lastFour })).join(say('overview.separator'))}
              </dd>
              <dt>{say('overview.enrolled')}</dt>
              <dd>{formatTime(overview.enrolledAt, locale)}</dd>
            </dl>
          </section>
          <section aria-labelledby="latest" className="flex flex-col gap-3">
            <h2 id="latest">{say('overview.latest')}</h2>
            {payments.length === 0 ? (
              <p className="text-soft">{say('overview.latestNone')}</p>
            ) : (
              <ol className="flex flex-col gap-3">
                {payments.map(entry => (
                  <Entry key={entry.id} locale={locale} entry={entry} dated />
                ))}
              </ol>
            )}
          </section>
        </div>
        <div className="flex flex-col gap-8">
          {overview.passkeys === 0 && signsInHere() && (
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
          <section aria-labelledby="more" className="flex flex-col gap-3">
            <h2 id="more">{say('overview.more')}</h2>
            <ul className="flex flex-col gap-3">
              {menuPages()
                .filter(page => page !== '')
                .map(page => (
                  <li key={page}>
                    <a href={addressOf(locale, page)} className="text-link font-bold">
                      {say(`pages.${pageKey(page)}`)}
                    </a>
                    <p className="text-sm text-soft">{say(`overview.about.${page}` as never)}</p>
                  </li>
                ))}
            </ul>
          </section>
        </div>
      </div>
    </AccountPage>
  )
}
