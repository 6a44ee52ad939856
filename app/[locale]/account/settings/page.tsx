import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { accountPolicy } from '#domain/account/policy.ts'
import { languageForm, personalMessageForm, preferredMethodForm } from '#domain/account/settings-forms.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { offeredPreferences, readPreferences } from '#server/account/preferences.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, requireActor } from '../actor.ts'
import { ChoiceForm } from '../form/choice-form.tsx'
import { StepButton } from '../form/step-button.tsx'
import { formState, titleOf } from '../form/words.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { removePersonalMessage, saveLanguage, savePersonalMessage, savePreferredMethod } from './actions.ts'
import { PersonalMessageForm } from './forms.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account' })
  const title = `${say('pages.settings')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [languageForm, preferredMethodForm, personalMessageForm]) }
}

/** The cardholder's preferences, one section for each. */
export default async function SettingsPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const { language, personalMessage, preferredMethod } = await readPreferences(actor)
  const offered = await offeredPreferences(actor, preferredMethod)
  const say = await getTranslations({ locale, namespace: 'account.settings' })
  const issuer = config().issuer.brand.issuer[locale]
  const personalMessageState = await formState(locale, personalMessageForm)
  return (
    <AccountPage locale={locale} page="settings" title={say('title')} lead={say('lead')}>
      <section aria-labelledby="language" className="flex max-w-[40em] flex-col gap-4">
        <h2 id="language">{say('language.heading')}</h2>
        <ChoiceForm
          locale={locale}
          definition={languageForm}
          action={saveLanguage}
          field="language"
          legend={say('language.legend')}
          choices={[
            { value: 'none', label: say('language.none'), hint: say('language.noneHint', { issuer }) },
            { value: 'ja', label: say('language.ja') },
            { value: 'en', label: say('language.en') },
          ]}
          chosen={language ?? 'none'}
          submit={say('language.submit')}
        />
        <p className="text-sm text-soft">{say('language.hint')}</p>
      </section>
      <section aria-labelledby="preferredMethod" className="flex max-w-[40em] flex-col gap-4">
        <h2 id="preferredMethod">{say('preferredMethod.heading')}</h2>
        <ChoiceForm
          locale={locale}
          definition={preferredMethodForm}
          action={savePreferredMethod}
          field="preferredMethod"
          legend={say('preferredMethod.legend')}
          choices={offered.map(value => ({
            value,
            label: say(`preferredMethod.${value}`),
            hint: say(`preferredMethod.${value}Hint`, { days: contactPolicy.businessDays, issuer }),
          }))}
          chosen={preferredMethod}
          submit={say('preferredMethod.submit')}
        />
        <p className="text-sm text-soft">{say('preferredMethod.hint')}</p>
      </section>
      <section aria-labelledby="personalMessage" className="flex max-w-[40em] flex-col gap-4">
        <h2 id="personalMessage">{say('personalMessage.heading')}</h2>
        <p>{say('personalMessage.text')}</p>
        <p className="note">{say('personalMessage.warning')}</p>
        {personalMessage !== undefined && (
          <p>
            {say('personalMessage.now')} <bdi className="font-bold">{personalMessage}</bdi>
          </p>
        )}
        <PersonalMessageForm
          action={savePersonalMessage}
          state={personalMessageState}
          fields={[
            {
              name: 'personalMessage',
              label: say('personalMessage.label'),
              hint: say('personalMessage.hint', { most: accountPolicy.personalMessageCharacters }),
              autoComplete: 'off',
            },
          ]}
          submit={say('personalMessage.submit')}
        />
        {personalMessage !== undefined && (
          <StepButton action={removePersonalMessage} locale={locale} plain danger describedBy="personalMessage">
            {say('personalMessage.remove')}
          </StepButton>
        )}
      </section>
      <section aria-labelledby="data" className="flex max-w-[40em] flex-col items-start gap-3">
        <h2 id="data">{say('data.heading')}</h2>
        <p>{say('data.text')}</p>
        <a href={addressOf(locale, 'data')} className="text-link">
          {say('data.link')}
        </a>
      </section>
    </AccountPage>
  )
}
