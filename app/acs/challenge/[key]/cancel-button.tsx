import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/kernel/language.ts'
import { cancelPurchase } from './actions.ts'
import { StepForm, type WindowForm } from './form.tsx'

/** Cancels the purchase, after asking once. It unfolds in the page, so that it works without scripts. */
export async function CancelButton({ form, language }: { form: WindowForm; language: Language }) {
  const say = await getTranslations({ locale: language, namespace: 'challenge.cancel' })
  return (
    <details id="cancel" className="text-sm sm:text-base open:w-full">
      <summary className="button button-plain px-0">{say('open')}</summary>
      <p className="py-1 text-sm leading-normal">{say('ask')}</p>
      <StepForm action={cancelPurchase} form={form}>
        <button type="submit" className="button button-danger">
          {say('confirm')}
        </button>
      </StepForm>
    </details>
  )
}
