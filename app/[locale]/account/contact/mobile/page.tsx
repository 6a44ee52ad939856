import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { mobileStepForm, newMobileCodeForm, newMobileForm } from '#domain/account/contact-forms.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { isFresh } from '#server/account/actor.ts'
import { readContacts } from '#server/account/read-contacts.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../../actor.ts'
import { CodeTask } from '../../form/code-task.tsx'
import { formState, titleOf } from '../../form/words.ts'
import { AccountPage } from '../../shell/account-page.tsx'
import { changeMobile, confirmMobile, resendToMobile } from '../actions.ts'
import { NewMobileCodeForm, NewMobileForm } from '../forms.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.contact.mobile' })
  const title = `${say('title')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [newMobileForm, newMobileCodeForm, mobileStepForm]) }
}

/** A new mobile number: typed, confirmed by the code that went there, in effect some business days later. */
export default async function NewMobilePage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const { mobile } = await readContacts(actor)
  const waiting = mobile.change?.state === 'asking' ? mobile.change : undefined
  // Whoever only looks confirms first; the code of a change that was asked for is entered without.
  if (!waiting && !isFresh(actor, now())) redirect(confirmFor(locale, 'contact/mobile'))
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  const page = 'contact/mobile'
  return (
    <AccountPage
      locale={locale}
      page={page}
      title={say('mobile.title')}
      lead={say('mobile.lead', { days: contactPolicy.businessDays })}
    >
      {waiting ? (
        <CodeTask
          locale={locale}
          definition={newMobileCodeForm}
          stepDefinition={mobileStepForm}
          form={NewMobileCodeForm}
          submit={confirmMobile}
          resend={resendToMobile}
          page={page}
          to={waiting.masked}
          codeExpiresAt={waiting.codeExpiresAt}
        />
      ) : (
        <div className="flex max-w-[40em] flex-col gap-4">
          {mobile.masked && <p>{say('now', { contact: mobile.masked })}</p>}
          <p className="note">
            {say('mobile.hurry')}{' '}
            <a href={addressOf(locale, 'contact/email')} className="text-link">
              {say('mobile.hurryLink')}
            </a>
          </p>
          <NewMobileForm
            action={changeMobile}
            state={await formState(locale, newMobileForm)}
            fields={[
              {
                name: 'mobile',
                label: say('mobile.label'),
                hint: say('mobile.inputHint'),
                type: 'tel',
                inputMode: 'tel',
                autoComplete: 'tel',
              },
            ]}
            submit={say('submit')}
          />
        </div>
      )}
      <p>
        <a href={addressOf(locale, 'contact')} className="text-link">
          {say('back')}
        </a>
      </p>
    </AccountPage>
  )
}
