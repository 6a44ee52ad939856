import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { allows } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatMoney } from '#domain/kernel/money.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { listMerchants, type MerchantShown, type TrustedShown } from '#server/account/merchants.ts'
import { keepsTrustList } from '#server/challenge/trust.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, requireActor } from '../actor.ts'
import { StepButton } from '../form/step-button.tsx'
import { AccountPage } from '../shell/account-page.tsx'
import { distrust, trust } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  return { title: `${say('pages.merchants')} | ${config().issuer.brand.service}` }
}

/** Trusted merchants, and merchants that could be trusted. */
export default async function MerchantsPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  if (!keepsTrustList()) redirect(addressOf(locale, ''))
  const { trusted, others } = await listMerchants(actor)
  const say = await getTranslations({ locale, namespace: 'account.merchants' })
  const limits = Object.entries(config().issuer.challengeAboveAtTrustedMerchant)
  const amounts = limits.map(([currency, limit]) => formatMoney(limit, currency, locale))
  return (
    <AccountPage locale={locale} page="merchants" title={say('title')} lead={say('lead')}>
      <div className="flex max-w-[40em] flex-col gap-2">
        <p className="font-bold">{say('limit', { amounts: amounts.join(say('separator')) })}</p>
        <p>{say('still')}</p>
      </div>
      {trusted.length === 0 ? (
        <p className="text-soft">{say('none')}</p>
      ) : (
        <ul className="flex max-w-[40em] flex-col gap-4">
          {trusted.map(merchant => (
            <Trusted key={merchant.id} locale={locale} merchant={merchant} />
          ))}
        </ul>
      )}
      <section aria-labelledby="others" className="flex max-w-[40em] flex-col gap-4">
        <h2 id="others">{say('othersHeading')}</h2>
        {others.length === 0 ? (
          <p className="text-soft">{say('othersNone')}</p>
        ) : (
          <>
            <p>{say('othersText', { days: accountPolicy.merchantsProvenWithin / 86_400_000 })}</p>
            {!allows('trust-merchant', actor, now()) && (
              <p className="text-sm text-soft">{say('confirmFirst', { minutes: accountPolicy.freshFor / 60_000 })}</p>
            )}
            <ul className="flex flex-col gap-4">
              {others.map(merchant => (
                <Other key={merchant.paymentId} locale={locale} merchant={merchant} />
              ))}
            </ul>
          </>
        )}
      </section>
    </AccountPage>
  )
}

async function Trusted({ locale, merchant }: { locale: Language; merchant: TrustedShown }) {
  const { id, merchantName, trustedAt } = merchant
  const say = await getTranslations({ locale, namespace: 'account.merchants' })
  return (
    <li className="card flex flex-col gap-2">
      <h2 id={`merchant-${id}`} className="text-base">
        <bdi>{shownMerchantName(merchantName) || say('unnamed')}</bdi>
      </h2>
      <p className="text-sm text-soft">{say('since', { time: formatTime(trustedAt, locale) })}</p>
      <details>
        <summary className="py-1">{say('change')}</summary>
        <p className="py-2 text-sm">{say('removeText')}</p>
        <StepButton action={distrust} locale={locale} fields={{ merchantId: id }} danger describedBy={`merchant-${id}`}>
          {say('remove')}
        </StepButton>
      </details>
    </li>
  )
}

async function Other({ locale, merchant }: { locale: Language; merchant: MerchantShown }) {
  const { paymentId, merchantName, paidAt } = merchant
  const say = await getTranslations({ locale, namespace: 'account.merchants' })
  return (
    <li className="card flex flex-col items-start gap-2">
      <h3 id={`payment-${paymentId}`} className="text-base font-bold">
        <bdi>{shownMerchantName(merchantName) || say('unnamed')}</bdi>
      </h3>
      <p className="text-sm text-soft">{say('paid', { time: formatTime(paidAt, locale) })}</p>
      <StepButton action={trust} locale={locale} fields={{ paymentId }} plain describedBy={`payment-${paymentId}`}>
        {say('trust')}
      </StepButton>
    </li>
  )
}
