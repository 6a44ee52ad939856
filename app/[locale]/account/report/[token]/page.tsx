import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { reportToken } from '#domain/account/report-token.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { readReport } from '#server/account/report-change.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf } from '../../actor.ts'
import { StepButton } from '../../form/step-button.tsx'
import { AccountPage } from '../../shell/account-page.tsx'
import { networkOfReader } from '../../visitor.ts'
import { report } from './actions.ts'

interface ReportParams {
  readonly params: Promise<{ readonly locale: string; readonly token: string }>
}

export async function generateMetadata({ params }: ReportParams): Promise<Metadata> {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const say = await getTranslations({ locale, namespace: 'account.report' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/** The page behind a notice's link. It names the event, and acts only when the button is pressed. */
export default async function ReportPage({ params }: ReportParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const { token } = await params
  const found = await readReport(token, await networkOfReader())
  const say = await getTranslations({ locale, namespace: 'account.report' })
  const ofEntries = await getTranslations({ locale, namespace: 'account.activity.report' })
  const { support, issuer } = config().issuer.brand
  const page = `report/${reportToken(token)}`
  const isRefusal = found.kind === 'open-identity' && found.event === 'payment-refused'
  const refused = isRefusal ? found.alertId : undefined
  return (
    <AccountPage locale={locale} page={page} title={say('title')}>
      <div className="flex max-w-[40em] flex-col items-start gap-4">
        {found.kind === 'open' || found.kind === 'open-identity' ? (
          <>
            <p>
              {found.kind === 'open'
                ? say(found.contact, { contact: found.masked, time: formatTime(found.requestedAt, locale) })
                : say(`identity.${found.event}`, { time: formatTime(found.happenedAt, locale) })}
            </p>
            <p>{ofEntries('what')}</p>
            <ul className="points">
              <li>{ofEntries('effects.pending')}</li>
              <li>{ofEntries('effects.recent', { days: contactPolicy.reportLookBack / contactPolicy.day })}</li>
              {found.kind === 'open' && <li>{say('effects.earlier')}</li>}
              <li>{say('effects.sessions')}</li>
              <li>{say('effects.added')}</li>
              <li>{ofEntries('effects.report-open')}</li>
              <li>{say('effects.issuer', { issuer: issuer[locale] })}</li>
            </ul>
            <StepButton action={report} locale={locale} fields={{ token }} danger>
              {say('submit')}
            </StepButton>
            {refused ? (
              <p>
                <a href={addressOf(locale, `refused/${refused}`)} className="text-link">
                  {say('wasMe')}
                </a>
              </p>
            ) : (
              <p className="text-sm text-soft">{say(found.kind === 'open' ? 'ifYours' : 'identity.ifYours')}</p>
            )}
          </>
        ) : (
          <p role="status" className="note">
            {say(found.kind === 'used-identity' ? 'identity.used' : found.kind)}
          </p>
        )}
        <p>{support[locale]}</p>
        {found.kind === 'used' && (
          <p>
            <a href={addressOf(locale, 'contact')} className="text-link">
              {say('signIn')}
            </a>
          </p>
        )}
      </div>
    </AccountPage>
  )
}
