import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { FormDefinition } from '#domain/account/form.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { DeliveryState } from '#domain/contact/delivery.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatClock } from '#domain/kernel/time.ts'
import { config } from '#server/platform/config.ts'
import type { AccountFormProps } from './account-form.tsx'
import { SentTo } from './sent-to.tsx'
import { StepButton } from './step-button.tsx'
import { StepErrors } from './step-errors.tsx'
import { formState } from './words.ts'

/** The entry of a code that was sent, the same everywhere in the account. */
export async function CodeTask({
  locale,
  definition,
  stepDefinition,
  form: Form,
  submit,
  resend,
  page,
  to,
  sent,
  delivery = 'handed-over',
  codeExpiresAt,
  children,
}: {
  locale: Language
  definition: FormDefinition
  stepDefinition: FormDefinition
  form: (props: AccountFormProps) => ReactNode
  submit: (form: FormData) => Promise<never>
  resend: (form: FormData) => Promise<never>
  page: string
  /** Where the code was sent, masked if the reader must not see it in full. */
  to: string
  /** Replaces the sentence that the code was sent, which would reveal whether we know the address. */
  sent?: string
  /** The delivery state of the message, if the page may show it. */
  delivery?: DeliveryState
  codeExpiresAt: number
  children?: ReactNode
}) {
  const say = await getTranslations({ locale, namespace: 'account.code' })
  const { brand } = config().issuer
  const time = formatClock(codeExpiresAt, locale)
  return (
    <div className="flex max-w-[40em] flex-col gap-4">
      <StepErrors locale={locale} definition={stepDefinition} />
      {sent ? <p>{sent}</p> : <SentTo locale={locale} page={page} to={to} delivery={delivery} />}
      <Form
        action={submit}
        state={await formState(locale, definition)}
        page={page}
        fields={[
          {
            name: 'code',
            label: say('label'),
            hint: say('hint', { time }),
            inputMode: 'numeric',
            autoComplete: 'one-time-code',
            width: 'code',
          },
        ]}
        submit={say('submit')}
      />
      <div className="flex flex-wrap items-center gap-x-6">
        <StepButton action={resend} locale={locale} page={page} plain describedBy="resend-hint">
          {say('resend')}
        </StepButton>
        {children}
      </div>
      <p id="resend-hint" className="text-sm text-soft">
        {say('resendHint', { seconds: codePolicy.confirmation.resendAfter / 1000 })}
      </p>
      <details>
        <summary className="py-1 font-bold">{say('help')}</summary>
        <ul className="points">
          <li>{say('helpWhere')}</li>
          <li>{say('helpFilter', { sender: brand.sender.address })}</li>
          <li>{brand.support[locale]}</li>
        </ul>
      </details>
    </div>
  )
}
