import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { allows } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { listWaitingPayments, type WaitingPayment } from '#server/account/payments.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { confirmFor, requireActor } from '../actor.ts'
import { StepButton } from '../form/step-button.tsx'
import { AccountPage } from '../shell/account-page.tsx'
import { answer } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('pages.payments')} | ${config().issuer.brand.service}` }
}

/** Payments that wait for the cardholder to approve or decline them. */
export default async function PaymentsPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const { payments, more } = await listWaitingPayments(actor)
  const say = await getTranslations({ locale, namespace: 'account.payments' })
  return (
    <AccountPage locale={locale} page="payments" title={say('title')} lead={say('lead')}>
      {payments.length === 0 ? (
        <p className="text-soft">{say('none')}</p>
      ) : (
        <>
          {!allows('answer-payment', actor, now()) && (
            <div className="note flex max-w-[40em] flex-col items-start gap-3">
              <p>{say('confirmFirst', { minutes: accountPolicy.freshFor / 60_000 })}</p>
              <a href={confirmFor(locale, 'payments')} className="text-link">
                {say('confirm')}
              </a>
            </div>
          )}
          <ul className="flex max-w-[40em] flex-col gap-4">
            {payments.map(payment => (
              <Payment key={payment.id} locale={locale} payment={payment} />
            ))}
          </ul>
          {more && <p className="note max-w-[40em]">{say('more')}</p>}
        </>
      )}
      <p className="max-w-[40em] text-sm">
        {say('help')} {config().issuer.brand.support[locale]}
      </p>
    </AccountPage>
  )
}

async function Payment({ locale, payment }: { locale: Language; payment: WaitingPayment }) {
  const { id, lastFour, askedAt, until } = payment
  const { merchantName, amount, currency, exponent } = payment.purchase
  const say = await getTranslations({ locale, namespace: 'account.payments' })
  const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, locale) : undefined
  const fields = (said: string) => ({ paymentId: id, answer: said })
  const heading = `payment-${id}`
  return (
    <li className="card flex flex-col gap-3">
      <h2 id={heading} className="flex flex-col gap-1 text-base">
        {/* A merchant's name is foreign text: it must not reverse the direction of the line. */}
        <bdi className="break-words">{shownMerchantName(merchantName) || say('unnamed')}</bdi>
        <span className="break-words text-xl">{price ?? say('withoutAmount')}</span>
      </h2>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-sm">
        <dt className="text-soft">{say('card')}</dt>
        <dd>{say('cardEnding', { lastFour })}</dd>
        <dt className="text-soft">{say('asked')}</dt>
        <dd>{formatTime(askedAt, locale)}</dd>
        <dt className="text-soft">{say('until')}</dt>
        <dd className="font-bold">{formatTime(until, locale)}</dd>
      </dl>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <StepButton action={answer} locale={locale} fields={fields('approved')} describedBy={heading}>
          {say('approve')}
        </StepButton>
        <StepButton action={answer} locale={locale} fields={fields('declined')} plain describedBy={heading}>
          {say('decline')}
        </StepButton>
      </div>
    </li>
  )
}
