import { getTranslations } from 'next-intl/server'
import { formatClock } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'
import { config } from '#server/platform/config.ts'
import { goOn } from '../actions.ts'
import { StepForm, type WindowForm } from '../form.tsx'
import { CodeOrCancel } from './code-or-cancel.tsx'
import type { MethodView } from './view.ts'

export const account: MethodView = { asks: 'awaiting-approval', Page: ApprovalPage, hint: 'accountHint', errors: {} }

/**
 * Waits for the cardholder's answer in the account. It does not link there, because the window has no links to other
 * pages.
 */
async function ApprovalPage({
  window,
  form,
}: {
  window: Extract<Window, { kind: 'awaiting-approval' }>
  form: WindowForm
}) {
  const { address, deadlineAt, language } = window
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  return (
    <>
      <h1 className="text-[0.9375rem] font-bold sm:text-lg">{say('approval.heading')}</h1>
      <p className="text-sm leading-normal sm:text-base low:text-[0.8125rem] low:leading-snug">
        {say('approval.where')}
      </p>
      <dl className="text-sm leading-normal low:text-[0.8125rem] low:leading-snug">
        <dt className="text-soft">{say('approval.address')}</dt>
        <dd className="break-all font-bold">{address}</dd>
      </dl>
      <p className="text-sm leading-normal low:text-[0.8125rem] low:leading-snug">
        {say('approval.waits', { time: formatClock(deadlineAt, language) })}
      </p>
      <StepForm action={goOn} form={form}>
        <button type="submit" className="button w-full" data-working={say('code.working')}>
          {say('approval.look')}
        </button>
      </StepForm>
      <CodeOrCancel window={window} form={form} />
      <details>
        <summary className="py-1 text-sm font-bold sm:text-base">{say('approval.helpSummary')}</summary>
        <p className="text-sm leading-normal">
          {say('approval.help')} {config().issuer.brand.support[language]}
        </p>
      </details>
    </>
  )
}
