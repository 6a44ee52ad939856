import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { allows } from '#domain/account/assurance.ts'
import {
  emailStepForm,
  mobileStepForm,
  newEmailCodeForm,
  newEmailForm,
  newMobileCodeForm,
  newMobileForm,
} from '#domain/account/contact-forms.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { Actor } from '#server/account/actor.ts'
import { type Contacts, typedContact } from '#server/account/read-contacts.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { addressOf, confirmFor } from '../actor.ts'
import { CodeTask } from '../form/code-task.tsx'
import { SentTo } from '../form/sent-to.tsx'
import { type FormState, formState, titleOf } from '../form/words.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { changeEmail, changeMobile, confirmEmail, confirmMobile, resendToEmail, resendToMobile } from './actions.ts'
import { NewEmailCodeForm, NewEmailForm, NewMobileCodeForm, NewMobileForm } from './forms.tsx'

const kinds = {
  email: {
    ...{ form: NewEmailForm, definition: newEmailForm, change: changeEmail },
    ...{ codeForm: NewEmailCodeForm, codeDefinition: newEmailCodeForm, confirm: confirmEmail },
    ...{ stepDefinition: emailStepForm, resend: resendToEmail },
    field: { type: 'email', inputMode: 'email', autoComplete: 'email' },
  },
  mobile: {
    ...{ form: NewMobileForm, definition: newMobileForm, change: changeMobile },
    ...{ codeForm: NewMobileCodeForm, codeDefinition: newMobileCodeForm, confirm: confirmMobile },
    ...{ stepDefinition: mobileStepForm, resend: resendToMobile },
    field: { type: 'tel', inputMode: 'tel', autoComplete: 'tel' },
  },
} as const

export async function newContactTitle(locale: Language, kind: ContactKind): Promise<string> {
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  const { definition, codeDefinition, stepDefinition } = kinds[kind]
  const title = `${say(`${kind}.title`)} | ${config().issuer.brand.service}`
  return titleOf(locale, title, [definition, codeDefinition, stepDefinition])
}

/**
 * Enters a new contact, then confirms it by the code that was sent to it. `children`: what the cardholder should know
 * before.
 */
export async function NewContact({
  locale,
  kind,
  actor,
  contacts,
  children,
}: {
  locale: Language
  kind: ContactKind
  actor: Actor
  contacts: Contacts
  children: ReactNode
}) {
  const { masked, change } = contacts[kind]
  const reportOpen = contacts.disputedSince !== undefined
  const asking = change?.state === 'asking' ? change : undefined
  const refused = asking?.delivery === 'failed' ? asking : undefined
  const waiting = refused ? undefined : asking
  const page = `contact/${kind}`
  // A session without strong authentication gets it first, unless a change is pending, whose code can be entered
  // without.
  const fresh = allows('change-contact', actor, now())
  if (!reportOpen && !asking && !fresh) redirect(confirmFor(locale, page))
  const say = await getTranslations({ locale, namespace: 'account.contact' })
  const { form: Form, definition, change: submit, field, codeForm, codeDefinition, confirm, ...step } = kinds[kind]
  const state = await formState(locale, definition)
  return (
    <AccountPage
      locale={locale}
      page={page}
      title={say(`${kind}.title`)}
      lead={say(`${kind}.lead`, { days: contactPolicy.businessDays })}
    >
      {reportOpen ? (
        <p className="note max-w-[40em]">{say('reportOpen')}</p>
      ) : waiting ? (
        <CodeTask
          locale={locale}
          definition={codeDefinition}
          form={codeForm}
          submit={confirm}
          {...step}
          page={page}
          to={waiting.masked}
          delivery={waiting.delivery}
          codeExpiresAt={waiting.codeExpiresAt}
        />
      ) : (
        <div className="flex max-w-[40em] flex-col gap-4">
          {refused && <SentTo locale={locale} page={page} to={refused.masked} delivery="failed" />}
          {refused && <p>{say('correct')}</p>}
          {masked && <p>{say('now', { contact: masked })}</p>}
          <p className="note">{children}</p>
          <Form
            action={submit}
            state={refused && fresh ? await withTyped(actor, kind, state) : state}
            fields={[{ name: kind, label: say(`${kind}.label`), hint: say(`${kind}.inputHint`), ...field }]}
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

/** Puts the earlier input into the field, unless a newer input is there. */
async function withTyped(actor: Actor, kind: ContactKind, state: FormState): Promise<FormState> {
  const typed = await typedContact(actor, kind)
  return { ...state, values: { ...(typed && { [kind]: typed }), ...state.values } }
}
