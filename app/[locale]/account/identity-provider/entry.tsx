import { getTranslations } from 'next-intl/server'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { comingTerms, effectiveTerms } from '#domain/terms/versions.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, providerFor } from '../actor.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { ComingTerms } from '../shell/coming-terms.tsx'
import { SessionEndNote } from '../sign-in/session-end.tsx'

interface EntryProps {
  readonly locale: Language
  /** The page's own address below /account. */
  readonly page: string
  /** The page below /account to go to after the sign-in. */
  readonly to: string
}

/**
 * Sign-in if the issuer has an identity provider: one link. It is not a form, because browsers block forms that
 * redirect to another site.
 */
export async function ProviderSignIn({ locale, page, to }: EntryProps) {
  const version = effectiveTerms(now())
  const say = await getTranslations({ locale, namespace: 'account.identityProvider' })
  const issuer = config().issuer.brand.issuer[locale]
  return (
    <AccountPage locale={locale} page={page} title={say('title')} lead={say('lead', { issuer })}>
      <SessionEndNote locale={locale} />
      <div className="flex max-w-[40em] flex-col items-start gap-4">
        <p>{say('terms', { issuer })}</p>
        <p>
          <a href={`/${locale}/terms/${version}`} target="_blank" rel="noopener" className="text-link">
            {say('readTerms', { version })}
          </a>
        </p>
        <ComingTerms locale={locale} version={comingTerms(now())} />
        <a href={providerFor(locale, 'sign-in', to)} className="button">
          {say('go', { issuer })}
        </a>
      </div>
    </AccountPage>
  )
}

/** Strong authentication before a change, by signing in at the provider again. */
export async function ProviderConfirm({ locale, page, to }: EntryProps) {
  const say = await getTranslations({ locale, namespace: 'account.identityProvider' })
  const issuer = config().issuer.brand.issuer[locale]
  const minutes = accountPolicy.freshFor / 60_000
  return (
    <AccountPage locale={locale} page={page} title={say('confirmTitle')} lead={say('confirmLead', { issuer, minutes })}>
      <p>
        <a href={providerFor(locale, 'confirm', to)} className="button">
          {say('confirm', { issuer })}
        </a>
      </p>
      <p>
        <a href={addressOf(locale, '')} className="text-link">
          {say('back')}
        </a>
      </p>
    </AccountPage>
  )
}
