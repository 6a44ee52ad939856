import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { allows } from '#domain/account/assurance.ts'
import { signsInHere } from '#server/account/identity.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../../actor.ts'
import { StepButton } from '../../form/step-button.tsx'
import { AccountPage } from '../../shell/account-page.tsx'
import { close } from './actions.ts'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.data.close' })
  return { title: `${say('title')} | ${config().issuer.brand.service}` }
}

/** The consequences of closing the account, and the button that closes it. */
export default async function CloseAccountPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  if (!allows('close-account', actor, now())) redirect(confirmFor(locale, 'data/close'))
  const say = await getTranslations({ locale, namespace: 'account.data.close' })
  return (
    <AccountPage locale={locale} page="data/close" title={say('title')} lead={say('lead')}>
      <div className="flex max-w-[40em] flex-col items-start gap-5">
        <ul className="points">
          <li>{say('ends')}</li>
          <li>{say('stays')}</li>
          <li>{say('payments')}</li>
          <li>{say(signsInHere() ? 'again' : 'againByProvider', { issuer: config().issuer.brand.issuer[locale] })}</li>
          <li>{say('told')}</li>
        </ul>
        <StepButton action={close} locale={locale} page="data/close" danger>
          {say('submit')}
        </StepButton>
        <p>
          <a href={addressOf(locale, 'data')} className="text-link">
            {say('back')}
          </a>
        </p>
      </div>
    </AccountPage>
  )
}
