import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { emailStepForm, newEmailCodeForm, newEmailForm } from '#domain/account/contact-forms.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { formatAmount } from '#domain/challenge/purchase.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { exponentOf } from '#domain/emv/iso.ts'
import { isFresh } from '#server/account/actor.ts'
import { type ContactShown, readContacts } from '#server/account/read-contacts.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, confirmFor, requireActor } from '../../actor.ts'
import { CodeTask } from '../../form/code-task.tsx'
import { formState, titleOf } from '../../form/words.ts'
import { AccountPage } from '../../shell/account-page.tsx'
import { changeEmail, confirmEmail, resendToEmail } from '../actions.ts'
import { NewEmailCodeForm, NewEmailForm } from '../forms.tsx'

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.contact.email' })
  const title = `${say('title')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [newEmailForm, newEmailCodeForm, emailStepForm]) }
}

/** A new e-mail address: typed, then confirmed by the code that went there. */
export default async function NewEmailPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  const actor = await requireActor(locale)
  const { email, mobile } = await readContacts(actor)
  const waiting = email.change?.state === 'asking' ? email.change : undefined
  // Whoever only looks confirms first; the code of a change that was asked for is entered without.
  if (!waiting && !isFresh(actor, now())) redirect(confirmFor(locale, 'contact/email'))
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  const page = 'contact/email'
  return (
    <AccountPage
      locale={locale}
      page={page}
      title={say('email.title')}
      lead={say('email.lead', { days: contactPolicy.businessDays })}
    >
      {waiting ? (
        <CodeTask
          locale={locale}
          definition={newEmailCodeForm}
          stepDefinition={emailStepForm}
          form={NewEmailCodeForm}
          submit={confirmEmail}
          resend={resendToEmail}
          page={page}
          to={waiting.masked}
          codeExpiresAt={waiting.codeExpiresAt}
        />
      ) : (
        <div className="flex max-w-[40em] flex-col gap-4">
          {email.masked && <p>{say('now', { contact: email.masked })}</p>}
          <p className="note">{await watchedWords(locale, mobile)}</p>
          <NewEmailForm
            action={changeEmail}
            state={await formState(locale, newEmailForm)}
            fields={[
              {
                name: 'email',
                label: say('email.label'),
                hint: say('email.inputHint'),
                type: 'email',
                inputMode: 'email',
                autoComplete: 'email',
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

/** What follows for a day: the rule is domain/contact/routes.ts. */
async function watchedWords(locale: Language, mobile: ContactShown): Promise<string> {
  const say = await getTranslations({ locale, namespace: 'account.contact.email.watched' })
  const hours = contactPolicy.newEmailWatched / 3_600_000
  if (mobile.masked && !mobile.frozen) return say('mobile', { hours, mobile: mobile.masked })
  const amounts = Object.entries(config().issuer.largerAbove).map(([currency, amount]) =>
    formatAmount(String(amount), currency, String(exponentOf(currency) ?? 0), locale),
  )
  const above = amounts.length > 0 ? say('above', { amount: amounts.join(say('separator')) }) : say('any')
  return say('none', { hours, above })
}
