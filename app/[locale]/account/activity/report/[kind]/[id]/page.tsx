import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { contactPolicy } from '#domain/contact/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { signsInHere } from '#server/account/identity.ts'
import { type Reporting, readReporting } from '#server/account/report-activity.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../../../../actor.ts'
import { StepButton } from '../../../../form/step-button.tsx'
import { AccountPage } from '../../../../shell/account-page.tsx'
import { wordsOf } from '../../../words.ts'
import { report } from './actions.ts'

interface ReportParams {
  readonly params: Promise<{ readonly locale: string; readonly kind: string; readonly id: string }>
}

export async function generateMetadata({ params }: ReportParams): Promise<Metadata> {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/** "This was not me" about one entry. Says what will happen before it does. */
export default async function ReportPage({ params }: ReportParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const { kind, id } = await params
  const entry = await readReporting(await requireActor(locale), kind, id)
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  const { support, issuer: issuers } = config().issuer.brand
  const issuer = issuers[locale]
  const page = entry ? `activity/report/${entry.kind}/${entry.id}` : 'activity'
  const shown = entry && (await wordsOf(locale, entry))
  return (
    <AccountPage locale={locale} page={page} title={say('title')} {...(entry && { lead: say('lead', { issuer }) })}>
      <div className="flex max-w-[40em] flex-col items-start gap-5">
        {shown && (
          <div className="card w-full">
            <p className="flex flex-wrap justify-between gap-x-4 text-sm text-soft">
              <span>{shown.what}</span>
              <span>{formatTime(entry.at, locale)}</span>
            </p>
            <p className="font-bold break-words">
              <bdi>{shown.detail}</bdi>
            </p>
          </div>
        )}
        {!entry && (
          <p role="status" className="note">
            {say('unknown')}
          </p>
        )}
        {entry?.reported && (
          <p role="status" className="note">
            {say('reported')}
          </p>
        )}
        {entry && !entry.reported && (
          <>
            <p>{say('what')}</p>
            <ul className="points">
              {effectsOf(entry).map(effect => (
                <li key={effect}>
                  {say(`effects.${effect}`, { days: contactPolicy.reportLookBack / contactPolicy.day, issuer })}
                </li>
              ))}
            </ul>
            {entry.tooOld && (
              <p>
                <a href={confirmFor(locale, page)} className="text-link">
                  {say('confirmFirst')}
                </a>
              </p>
            )}
            <StepButton
              action={report}
              locale={locale}
              page={page}
              fields={{ entry: entry.kind, entryId: entry.id }}
              danger
            >
              {say('submit')}
            </StepButton>
            <p className="text-sm">
              {entry.kind === 'payment' && say('paymentHelp')} {support[locale]}
            </p>
          </>
        )}
        {entry?.reported && (
          <p>
            <a href={addressOf(locale, 'contact')} className="text-link">
              {say('resolve')}
            </a>
          </p>
        )}
        <p>
          <a href={addressOf(locale, 'activity')} className="text-link">
            {say('back')}
          </a>
        </p>
      </div>
    </AccountPage>
  )
}

/** The effects in server/account/report-activity.ts, in the same order. */
function effectsOf(entry: Reporting) {
  const last = ['report-open', 'issuer'] as const
  if (entry.kind === 'payment') return ['payment', 'browsers', 'pending', 'recent', ...last] as const
  const since = signsInHere() ? 'passkeys' : 'devices'
  return entry.kind === 'change'
    ? ([entry.tooOld ? 'tooOld' : 'change', 'sessions', since, 'pending', ...last] as const)
    : ([isCurrent(entry) ? 'ownSession' : 'sessions', since, 'pending', 'recent', ...last] as const)
}

function isCurrent(entry: Reporting): boolean {
  return entry.kind === 'sign-in' && entry.current
}
