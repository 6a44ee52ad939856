import { getTranslations } from 'next-intl/server'
import type { Window } from '#server/challenge/view.ts'
import { sendCodeInstead } from '../actions.ts'
import { CancelButton } from '../cancel-button.tsx'
import { ChooseAgain } from '../choose-again.tsx'
import { StepForm, type WindowForm } from '../form.tsx'

/** What a cardholder can do instead of answering out of band: get a code, where one may be sent, choose, or cancel. */
export async function CodeOrCancel({
  window: { codes, otherMethods, language },
  form,
}: {
  window: Extract<Window, { kind: 'awaiting-approval' }>
  form: WindowForm
}) {
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-2 text-sm sm:text-base">
      {codes && (
        <StepForm action={sendCodeInstead} form={form}>
          <button type="submit" className="button button-plain px-0">
            {say('approval.codes')}
          </button>
        </StepForm>
      )}
      {otherMethods && <ChooseAgain form={form} words={say('choice.other')} />}
      <CancelButton form={form} language={language} />
    </div>
  )
}
