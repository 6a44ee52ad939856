import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { signsInHere } from '#server/account/identity.ts'
import { logoutAddress } from '#server/account/openid-connect.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, currentActor, signInFor } from '../../actor.ts'
import { AccountPage } from '../../shell/account-page.tsx'

interface OutcomeParams {
  readonly params: Promise<{ readonly locale: string; readonly outcome: string }>
}

const outcomes = [
  'unavailable',
  'cancelled',
  'failed',
  'unknown-cardholder',
  'other-cardholder',
  'not-fresh',
  'limited',
] as const

export async function generateMetadata({ params }: OutcomeParams): Promise<Metadata> {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const { outcome: named } = await params
  const outcome = outcomes.find(known => known === named)
  const say = await getTranslations({ locale, namespace: 'account.identityProvider' })
  const title = outcome ? say(`outcomes.${outcome}.title`) : say('signedOut.title')
  return { title: `${title} | ${config().issuer.brand.service}` }
}

/** The result of a visit to the issuer's identity provider that did not end in the account. */
export default async function OutcomePage({ params }: OutcomeParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const { outcome: named } = await params
  if (signsInHere()) redirect(addressOf(locale, ''))
  if (named === 'signed-out') return <SignedOut locale={locale} />
  const outcome = outcomes.find(known => known === named) ?? notFound()
  const say = await getTranslations({ locale, namespace: 'account.identityProvider' })
  const { brand } = config().issuer
  const values = { issuer: brand.issuer[locale], minutes: accountPolicy.freshFor / 60_000 }
  const actor = await currentActor()
  return (
    <AccountPage locale={locale} page={`identity-provider/${outcome}`} title={say(`outcomes.${outcome}.title`)}>
      <div className="flex max-w-[40em] flex-col items-start gap-4">
        <p>{say(`outcomes.${outcome}.text`, values)}</p>
        <p>{brand.support[locale]}</p>
        {actor ? (
          <a href={addressOf(locale, '')} className="button">
            {say('home')}
          </a>
        ) : (
          <a href={signInFor(locale, '')} className="button">
            {say('again')}
          </a>
        )}
      </div>
    </AccountPage>
  )
}

/**
 * Signed out here; the page then goes on to the provider's own sign-out, if it has one. The sign-out form cannot redirect
 * there itself, because browsers block that (`form-action`).
 */
async function SignedOut({ locale }: { locale: Language }) {
  if (await currentActor()) redirect(addressOf(locale, ''))
  const say = await getTranslations({ locale, namespace: 'account.identityProvider' })
  const issuer = config().issuer.brand.issuer[locale]
  const leave = await logoutAddress()
  return (
    <AccountPage
      locale={locale}
      page="identity-provider/signed-out"
      title={say('signedOut.title')}
      lead={say('signedOut.text')}
    >
      {leave === undefined ? (
        <p className="max-w-[40em]">{say('signedOut.only', { issuer })}</p>
      ) : (
        <div className="flex max-w-[40em] flex-col items-start gap-4">
          <meta httpEquiv="refresh" content={`0; url=${leave}`} />
          <p>{say('signedOut.atProvider', { issuer })}</p>
          <a href={leave} className="text-link">
            {say('signedOut.go', { issuer })}
          </a>
        </div>
      )}
      <p>
        <a href={signInFor(locale, '')} className="text-link">
          {say('again')}
        </a>
      </p>
    </AccountPage>
  )
}
