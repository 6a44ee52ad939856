import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { type ContactShown, readContacts } from '#server/account/read-contacts.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, requireActor } from '../actor.ts'
import { StepButton } from '../form/step-button.tsx'
import { AccountPage } from '../shell/account-page.tsx'
import { largerPayments } from '../shell/larger-payments.ts'
import { registrationAmounts } from '../shell/registration-amounts.ts'
import { RestrictionNote } from '../shell/restriction-note.tsx'
import { callOff, confirmOwn, resolve, stopOldNumber } from './actions.ts'
import { Timeline } from './timeline.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('contact.title')} | ${config().issuer.brand.service}` }
}

/** The effective contacts, pending changes, and recent ones. */
export default async function ContactPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const { email, mobile, restriction, disputedSince, recent } = await readContacts(await requireActor(locale))
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  const reportOpen = disputedSince !== undefined
  return (
    <AccountPage
      locale={locale}
      page="contact"
      title={say('title')}
      lead={say(restriction ? 'leadRestricted' : 'lead')}
    >
      {restriction && disputedSince === undefined && (
        <RestrictionNote locale={locale} restriction={restriction} linked={false} />
      )}
      {disputedSince !== undefined && (
        <section aria-labelledby="frozen" className="note flex max-w-[40em] flex-col items-start gap-3">
          <h2 id="frozen" className="text-base">
            {say('frozen.heading')}
          </h2>
          <p>{say('frozen.text', { days: contactPolicy.reportLookBack / contactPolicy.day })}</p>
          <p>{say('frozen.proof', { time: formatTime(disputedSince, locale) })}</p>
          <p>{say('frozen.dealtWithText', { time: formatTime(disputedSince, locale) })}</p>
          <StepButton
            action={resolve}
            locale={locale}
            fields={{ resolution: 'dealt-with' }}
            danger
            describedBy="frozen"
          >
            {say('frozen.dealtWith')}
          </StepButton>
          <p>{say('frozen.contactText')}</p>
          <StepButton action={resolve} locale={locale} fields={{ resolution: 'was-me' }} plain describedBy="frozen">
            {say('frozen.wasMe')}
          </StepButton>
        </section>
      )}
      <div className="grid max-w-[60em] gap-4 lg:grid-cols-2">
        <Contact locale={locale} contact={email} restricted={restriction !== undefined} reportOpen={reportOpen} />
        <Contact locale={locale} contact={mobile} restricted={false} reportOpen={reportOpen} />
      </div>
      <p>
        <a href={addressOf(locale, 'contact/test')} className="text-link">
          {say('test.link')}
        </a>
      </p>
      <section aria-labelledby="recent" className="flex max-w-[40em] flex-col gap-3">
        <h2 id="recent">{say('recent.heading')}</h2>
        {recent.length === 0 ? (
          <p className="text-soft">{say('recent.none')}</p>
        ) : (
          <ul className="flex flex-col gap-4">
            {recent.map(change => (
              <li key={change.id} className="card flex flex-col items-start gap-1">
                <p id={`change-${change.id}`}>
                  <span className="block font-bold">{say(`recent.${change.kind}`, { contact: change.masked })}</span>
                  <span className="block text-sm text-soft">
                    {say('recent.when', { time: formatTime(change.confirmedAt ?? change.requestedAt, locale) })}{' '}
                    {say(`states.${change.outcome ?? change.state}`)}
                  </span>
                </p>
                {change.outcome !== 'reported' && (
                  <a
                    href={addressOf(locale, `activity/report/change/${change.id}`)}
                    className="text-link"
                    aria-describedby={`change-${change.id}`}
                  >
                    {say('recent.report')}
                  </a>
                )}
              </li>
            ))}
          </ul>
        )}
        <p className="text-sm text-soft">{say('recent.reportHint')}</p>
      </section>
    </AccountPage>
  )
}

async function Contact({
  locale,
  contact,
  restricted,
  reportOpen,
}: {
  locale: Language
  contact: ContactShown
  restricted: boolean
  reportOpen: boolean
}) {
  const { kind, masked, frozen, provisionalSince, change } = contact
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  const page = addressOf(locale, `contact/${kind}`)
  return (
    <section aria-labelledby={kind} className="card flex flex-col items-start gap-3">
      <h2 id={kind}>{say(`${kind}.heading`)}</h2>
      <p>
        <span className="block text-lg font-bold">{masked ?? say('none')}</span>
        {masked && (
          <span className="text-sm text-soft">{say(frozen ? 'inactive' : restricted ? 'restricted' : 'active')}</span>
        )}
      </p>
      {provisionalSince !== undefined && !frozen && (
        <div className="flex flex-col items-start gap-2">
          <p>
            {say('provisional.text', {
              time: formatTime(provisionalSince, locale),
              amount: registrationAmounts(locale),
            })}
          </p>
          <p className="text-sm text-soft">{say('provisional.how')}</p>
          {!reportOpen && (
            <StepButton action={confirmOwn} locale={locale} fields={{ kind }} describedBy={kind}>
              {say('provisional.confirm')}
            </StepButton>
          )}
          <p className="text-sm text-soft">{say('provisional.report')}</p>
        </div>
      )}
      {change?.state === 'asking' && (
        <p>
          <a href={page} className="text-link">
            {say(change.delivery === 'failed' ? 'notDelivered' : 'enterCode', { contact: change.masked })}
          </a>
        </p>
      )}
      {change && kind === 'mobile' && <Timeline locale={locale} change={change} />}
      {change && (
        <StepButton action={callOff} locale={locale} fields={{ kind }} plain danger describedBy={kind}>
          {say('callOff')}
        </StepButton>
      )}
      {change?.state === 'scheduled' && masked && (
        <details>
          <summary className="py-1">{say('stopHeading')}</summary>
          <div className="flex flex-col items-start gap-2 pt-1">
            <p className="text-sm">
              {say('stopHint', {
                hours: contactPolicy.stoppedNumberRestricted / 3_600_000,
                above: await largerPayments(locale),
              })}
            </p>
            <StepButton action={stopOldNumber} locale={locale} danger describedBy={kind}>
              {say('stop', { contact: masked })}
            </StepButton>
          </div>
        </details>
      )}
      {reportOpen && <p>{say('reportOpen')}</p>}
      {!change && !reportOpen && (
        <p>
          <a href={page} className="button" aria-describedby={kind}>
            {masked ? say(`${kind}.change`) : say(`${kind}.add`)}
          </a>
        </p>
      )}
      <p className="text-sm text-soft">{say(`${kind}.hint`, { days: contactPolicy.businessDays })}</p>
    </section>
  )
}
