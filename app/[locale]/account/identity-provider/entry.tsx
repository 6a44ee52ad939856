import { getTranslations } from 'next-intl/server'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { currentTerms } from '#domain/terms/versions.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, providerFor } from '../actor.ts'
import { AccountPage } from '../shell/account-page.tsx'

interface EntryProps {
  readonly locale: Language
  /** The page's own address below /account. */
  readonly page: string
  /** Where the visitor wants to go after sign-in. */
  readonly to: string
}

/** Sign-in where the issuer has an identity provider: one link. A link, for browsers stop a form that ends up elsewhere. */
export async function ProviderSignIn({ locale, page, to }: EntryProps) {
  const say = await getTranslations({ locale, namespace: 'account.identityProvider' })
  const issuer = config().issuer.brand.issuer[locale]
  return (
    <AccountPage locale={locale} page={page} title={say('title')} lead={say('lead', { issuer })}>
      <div className="flex max-w-[40em] flex-col items-start gap-4">
        <p>{say('terms', { issuer })}</p>
        <p>
          <a href={`/${locale}/terms/${currentTerms}`} target="_blank" rel="noopener" className="text-link">
            {say('readTerms', { version: currentTerms })}
          </a>
        </p>
        <a href={providerFor(locale, 'sign-in', to)} className="button">
          {say('go', { issuer })}
        </a>
      </div>
    </AccountPage>
  )
}

/** Something stronger before a change: signing in there anew. */
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
