import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { watchPolicy } from '#domain/watch/policy.ts'
import { config } from '#server/platform/config.ts'
import { type RefusedPage, readRefused } from '#server/watch/confirm-payment.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, requireActor } from '../../actor.ts'
import { StepButton } from '../../form/step-button.tsx'
import { AccountPage } from '../../shell/account-page.tsx'
import { confirm } from './actions.ts'

interface RefusedParams {
  readonly params: Promise<{ readonly locale: string; readonly id: string }>
}

export async function generateMetadata({ params }: RefusedParams): Promise<Metadata> {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const say = await getTranslations({ locale, namespace: 'account.refused' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/** A payment that was refused as unusual: "this was me". The link is in the notice's page. */
export default async function RefusedPaymentPage({ params }: RefusedParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const { id } = await params
  const found = await readRefused(await requireActor(locale), id)
  const say = await getTranslations({ locale, namespace: 'account.refused' })
  const ofPayments = await getTranslations({ locale, namespace: 'account.payments' })
  const { support } = config().issuer.brand
  const page = found ? `refused/${found.id}` : ''
  const { amount, currency, exponent } = found?.price ?? {}
  return (
    <AccountPage locale={locale} page={page} title={say('title')} {...(found && { lead: say('lead') })}>
      <div className="flex max-w-[40em] flex-col items-start gap-5">
        {found && (
          <div className="card flex w-full flex-col gap-1">
            <p className="text-sm text-soft">{formatTime(found.refusedAt, locale)}</p>
            <p className="font-bold break-words">
              <bdi>{found.merchantName || ofPayments('unnamed')}</bdi>
            </p>
            {amount && currency && exponent && (
              <p className="text-xl break-words">{formatAmount(amount, currency, exponent, locale)}</p>
            )}
            <p className="text-sm">{say('card', { lastFour: found.lastFour })}</p>
          </div>
        )}
        {found?.state === 'confirmable' ? (
          <>
            <p>{say('what', { minutes: watchPolicy.confirmedFor / 60_000 })}</p>
            <StepButton action={confirm} locale={locale} page={page} fields={{ alertId: found.id }}>
              {say('submit')}
            </StepButton>
            <p>
              <a href={addressOf(locale, 'activity')} className="text-link">
                {say('notYours')}
              </a>
            </p>
          </>
        ) : (
          <p role="status" className="note">
            {say(wordsOf(found), { until: formatTime(found?.until ?? 0, locale) })}
          </p>
        )}
        <p className="text-sm">{support[locale]}</p>
      </div>
    </AccountPage>
  )
}

function wordsOf(found: RefusedPage | undefined) {
  switch (found?.state) {
    case 'confirmed':
      return 'confirmed'
    case 'card-unusable':
      return 'stolen'
    case 'device-needed':
      return 'needsDevice'
    default:
      return 'unknown'
  }
}
