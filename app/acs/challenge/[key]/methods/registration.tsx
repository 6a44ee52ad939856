import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { codeDigits, codePolicy, crockfordCharacters } from '#domain/code/policy.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { formatMoney } from '#domain/kernel/money.ts'
import { formatClock, formatTime } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'
import { sendsSms } from '#server/messaging/sends-sms.ts'
import { config } from '#server/platform/config.ts'
import type { RegistrationShown } from '#server/registration/show.ts'
import {
  enterAnotherContact,
  sendNewContactCode,
  submitContactCode,
  submitEmail,
  submitFacts,
  submitMobile,
} from '../actions.ts'
import { CancelButton } from '../cancel-button.tsx'
import { StepForm, type WindowForm } from '../form.tsx'
import { FieldNotice, noticeText } from '../notice.tsx'
import { sentenceSpace } from '../sentence-space.ts'
import type { MethodView } from './view.ts'

// A contact is registered in three steps: two facts, the contact, and the code that it receives.

const steps = ['facts', 'contact', 'code'] as const

export const registration = {
  asks: 'asking',
  Page: RegistrationPage,
  errors: {
    'facts-missing': 'first',
    'fact-malformed': 'first',
    'facts-wrong': 'first',
    'facts-unavailable': 'first',
    'birth-malformed': 'year',
    'email-missing': 'email',
    'email-malformed': 'email',
    'contacts-limited': 'email',
    'contact-sms-limited': 'mobile',
    'mobile-missing': 'mobile',
    'mobile-malformed': 'mobile',
    'mobile-no-sms': 'mobile',
    'mobile-country': 'mobile',
    'code-missing': 'code',
    'code-malformed': 'code',
    'code-wrong': 'code',
    'code-earlier': 'code',
    'code-expired': 'code',
  } as MethodView['errors'],
  notices: ({ registration }) => (registration?.step === 'facts' ? 'on-top' : 'errors-at-field'),
} as const satisfies MethodView

interface PageProps {
  readonly window: Extract<Window, { kind: 'asking' }>
  readonly form: WindowForm
}

interface StepProps<Step extends RegistrationShown['step']> extends PageProps {
  readonly shown: Extract<RegistrationShown, { step: Step }>
}

async function RegistrationPage({ window, form }: PageProps) {
  const { registration: shown } = window
  switch (shown?.step) {
    case 'facts':
      return <FactsStep window={window} form={form} shown={shown} />
    case 'contact':
      return <ContactStep window={window} form={form} shown={shown} />
    case 'code':
      return <CodeStep window={window} form={form} shown={shown} />
    default:
      return null
  }
}

async function FactsStep({ window, form, shown }: StepProps<'facts'>) {
  const { language } = window
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const error = await errorOf(window)
  const issuer = brand.issuer[language]
  return (
    <>
      <Progress window={window} step="facts" />
      <h1 className="text-[0.9375rem] font-bold sm:text-lg">{say('registration.facts')}</h1>
      <p className="text-sm leading-normal">{say('registration.factsText')}</p>
      <StepForm action={submitFacts} form={form} className="flex flex-col gap-1.5 sm:gap-2">
        <Field
          id="first"
          label={say('registration.first')}
          hint={say('registration.firstHint', { issuer, characters: crockfordCharacters })}
          error={error}
          summarised
        />
        <fieldset aria-describedby={error?.field === 'year' ? 'birth-hint year-notice' : 'birth-hint'}>
          <legend className="text-sm font-bold sm:text-base">{say('registration.birth')}</legend>
          <p id="birth-hint" className="text-xs text-soft sm:text-sm">
            {say('registration.birthHint')}
          </p>
          <div className="flex flex-wrap gap-2">
            <Field
              id="year"
              label={say('registration.year')}
              error={error}
              numeric
              autoComplete="bday-year"
              narrow
              summarised
            />
            <Field id="month" label={say('registration.month')} numeric autoComplete="bday-month" narrow />
            <Field id="day" label={say('registration.day')} numeric autoComplete="bday-day" narrow />
          </div>
        </fieldset>
        <p className="text-xs text-soft sm:text-sm">{say('registration.tries', { left: shown.triesLeft })}</p>
        <button type="submit" className="button" data-working={say('code.working')}>
          {say('code.continue')}
        </button>
      </StepForm>
      <CancelButton form={form} language={language} />
      <Help summary={say('registration.helpSummary')}>
        <li>{say('registration.help', { issuer })}</li>
        <li>{brand.support[language]}</li>
        <li>{say('registration.never')}</li>
      </Help>
    </>
  )
}

async function ContactStep({ window, form, shown }: StepProps<'contact'>) {
  const { language, purchase } = window
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const error = await errorOf(window)
  const amount = formatMoney(shown.upTo, purchase.currency ?? '', language)
  return (
    <>
      <Progress window={window} step="contact" />
      <StepForm action={submitEmail} form={form} className="flex flex-col gap-1.5 sm:gap-2">
        <h1 className="text-[0.9375rem] font-bold sm:text-lg">{say('registration.contact')}</h1>
        <Field
          id="email"
          label={say('registration.email')}
          hint={say('registration.emailHint', { amount })}
          error={error}
          type="email"
          autoComplete="email"
          value={shown.typed}
        />
        <button type="submit" className="button" data-working={say('code.working')}>
          {say('registration.send')}
        </button>
      </StepForm>
      <CancelButton form={form} language={language} />
      {shown.mobileFrom !== undefined && (
        <p className="text-sm leading-normal">
          {say('registration.mobileFrom', { time: formatTime(shown.mobileFrom, language) })}
        </p>
      )}
      {shown.mobileFrom === undefined && sendsSms() && (
        <details open={error?.field === 'mobile'}>
          <summary className="py-1 text-sm font-bold sm:text-base">{say('registration.mobileSummary')}</summary>
          <p className="text-sm leading-normal">
            {say('registration.mobileText', { days: contactPolicy.businessDays })}
          </p>
          <StepForm action={submitMobile} form={form} className="flex flex-col gap-1.5 sm:gap-2">
            <Field id="mobile" label={say('registration.mobile')} error={error} type="tel" autoComplete="tel" />
            <button type="submit" className="button" data-working={say('code.working')}>
              {say('registration.send')}
            </button>
          </StepForm>
        </details>
      )}
      <Help summary={say('help.summary')}>
        <li>{say('help.filter', { sender: brand.sender.address })}</li>
        <li>{brand.support[language]}</li>
      </Help>
    </>
  )
}

async function CodeStep({ window, form, shown }: StepProps<'code'>) {
  const { language } = window
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const error = await errorOf(window)
  const { masked: destination, contact, delivery } = shown
  return (
    <>
      <Progress window={window} step="code" />
      <StepForm action={submitContactCode} form={form} className="flex flex-col gap-1.5 sm:gap-2">
        <h1 className="text-[0.9375rem] font-bold sm:text-lg">
          <label htmlFor="code">{say('code.heading')}</label>
        </h1>
        <p id="code-destination" className="text-sm leading-normal sm:text-base">
          {delivery === 'failed'
            ? say('registration.failed', { destination })
            : say(`sent.${delivery}`, { destination })}
        </p>
        <p id="code-hint" className="text-xs text-soft sm:text-sm">
          {say('code.digits', { digits: codeDigits })}
          {sentenceSpace(language)}
          {say('registration.codeHint', { time: formatClock(shown.expiresAt, language) })}
        </p>
        {error && <FieldNotice id="code" text={error.text} isError />}
        <input
          id="code"
          name="code"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          data-focus={error ? 'yes' : undefined}
          aria-describedby={error ? 'code-notice code-destination code-hint' : 'code-destination code-hint'}
          aria-invalid={error ? true : undefined}
          className="min-h-11 w-full max-w-60 rounded-md border-2 border-edge bg-paper px-3 text-xl tracking-[0.2em] aria-invalid:border-danger"
        />
        <button type="submit" className="button" data-working={say('code.working')}>
          {say('code.continue')}
        </button>
      </StepForm>
      <div className="flex flex-wrap items-center justify-between gap-x-2 text-sm sm:text-base">
        <StepForm action={sendNewContactCode} form={form}>
          <button type="submit" className="button button-plain px-0" aria-describedby="resend-hint">
            {say('code.resend')}
          </button>
        </StepForm>
        <CancelButton form={form} language={language} />
      </div>
      <p id="resend-hint" className="text-xs text-soft">
        {say('code.resendHint', { seconds: codePolicy['contact-change'].resendAfter / 1000 })}
      </p>
      <StepForm action={enterAnotherContact} form={form}>
        <button type="submit" className="button button-plain px-0 text-sm sm:text-base">
          {say(contact === 'email' ? 'registration.anotherEmail' : 'registration.anotherMobile')}
        </button>
      </StepForm>
      <Help summary={say('help.summary')}>
        {contact === 'email' && <li>{say('help.filter', { sender: brand.sender.address })}</li>}
        {contact === 'mobile' && <li>{say('help.sms')}</li>}
        <li>{say('help.phone')}</li>
        <li>{brand.support[language]}</li>
      </Help>
    </>
  )
}

interface ErrorShown {
  readonly field: string
  readonly text: string
}

/** The error that the window's notice is about, with the id of its field. */
async function errorOf(window: PageProps['window']): Promise<ErrorShown | undefined> {
  const field = window.notice && registration.errors[window.notice]
  const text = field && (await noticeText(window))
  return field && text ? { field, text } : undefined
}

async function Progress({ window: { language }, step }: { window: PageProps['window']; step: (typeof steps)[number] }) {
  const say = await getTranslations({ locale: language, namespace: 'challenge.registration' })
  return <p className="text-xs text-soft">{say('step', { number: steps.indexOf(step) + 1, of: steps.length })}</p>
}

function Field({
  id,
  label,
  hint,
  error,
  type = 'text',
  numeric = false,
  narrow = false,
  autoComplete = 'off',
  value,
  summarised = false,
}: {
  id: string
  label: string
  hint?: string
  error?: ErrorShown | undefined
  type?: 'text' | 'email' | 'tel'
  numeric?: boolean
  narrow?: boolean
  autoComplete?: string
  value?: string
  /** The page has several fields, and says the error on top as well. */
  summarised?: boolean
}) {
  const own = error?.field === id ? error : undefined
  const described = [own && `${id}-notice`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className={narrow ? 'w-16' : ''}>
      <label htmlFor={id} className={narrow ? 'text-sm' : 'text-sm font-bold sm:text-base'}>
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="text-xs leading-normal text-soft sm:text-sm">
          {hint}
        </p>
      )}
      {own &&
        (summarised ? (
          <p id={`${id}-notice`} className="text-sm font-bold leading-normal text-danger max-sm:sr-only">
            {own.text}
          </p>
        ) : (
          <FieldNotice id={id} text={own.text} isError />
        ))}
      <input
        id={id}
        name={id}
        type={type}
        inputMode={numeric ? 'numeric' : undefined}
        autoComplete={autoComplete}
        defaultValue={value}
        required
        data-focus={own && !summarised ? 'yes' : undefined}
        aria-describedby={described || undefined}
        aria-invalid={own ? true : undefined}
        className="min-h-11 w-full rounded-md border-2 border-edge bg-paper px-3 text-base aria-invalid:border-danger"
      />
    </div>
  )
}

function Help({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details>
      <summary className="py-1 text-sm font-bold sm:text-base">{summary}</summary>
      <ul className="list-disc ps-5 text-sm">{children}</ul>
    </details>
  )
}
