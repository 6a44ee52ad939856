import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { formatTime } from '#domain/challenge/purchase.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { signsInHere } from '#server/account/identity.ts'
import { type Reporting, readReporting } from '#server/account/report-happening.ts'
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

/** "This was not me", of one entry: says first what will happen. */
export default async function ReportPage({ params }: ReportParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const { kind, id } = await params
  const happening = await readReporting(await requireActor(locale), kind, id)
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  const { support } = config().issuer.brand
  const page = happening ? `activity/report/${happening.kind}/${happening.id}` : 'activity'
  const entry = happening && (await wordsOf(locale, happening))
  return (
    <AccountPage locale={locale} page={page} title={say('title')} {...(happening && { lead: say('lead') })}>
      <div className="flex max-w-[40em] flex-col items-start gap-5">
        {entry && (
          <div className="card w-full">
            <p className="flex flex-wrap justify-between gap-x-4 text-sm text-soft">
              <span>{entry.what}</span>
              <span>{formatTime(happening.at, locale)}</span>
            </p>
            <p className="font-bold break-words">
              <bdi>{entry.detail}</bdi>
            </p>
          </div>
        )}
        {!happening && (
          <p role="status" className="note">
            {say('unknown')}
          </p>
        )}
        {happening?.reported && (
          <p role="status" className="note">
            {say('reported')}
          </p>
        )}
        {happening && !happening.reported && (
          <>
            <p>{say('what')}</p>
            <ul className="points">
              {effectsOf(happening).map(effect => (
                <li key={effect}>
                  {say(`effects.${effect}`, { days: contactPolicy.reportLookBack / contactPolicy.day })}
                </li>
              ))}
            </ul>
            {happening.tooOld && (
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
              fields={{ happening: happening.kind, happeningId: happening.id }}
            >
              {say('submit')}
            </StepButton>
            <p className="text-sm">
              {happening.kind === 'payment' && say('paymentHelp')} {support[locale]}
            </p>
          </>
        )}
        {happening?.reported && (
          <p>
            <a href={addressOf(locale, 'contact')} className="text-link">
              {say('settle')}
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

/** What server/account/report-happening.ts does, in its order. */
function effectsOf(happening: Reporting) {
  const last = ['guarded', 'issuer'] as const
  if (happening.kind === 'payment') return ['payment', 'browsers', 'pending', 'recent', ...last] as const
  const since = signsInHere() ? 'passkeys' : 'devices'
  return happening.kind === 'change'
    ? ([happening.tooOld ? 'tooOld' : 'change', 'sessions', since, 'pending', ...last] as const)
    : ([isCurrent(happening) ? 'ownSession' : 'sessions', since, 'pending', 'recent', ...last] as const)
}

function isCurrent(happening: Reporting): boolean {
  return happening.kind === 'sign-in' && happening.current
}
