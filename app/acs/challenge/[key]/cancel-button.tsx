import { cancelPurchase } from './actions.ts'
import { StepForm, type WindowForm } from './form.tsx'

export function CancelButton({ form, words }: { form: WindowForm; words: string }) {
  return (
    <StepForm action={cancelPurchase} form={form} className="text-sm sm:text-base">
      <button type="submit" className="button button-plain px-0">
        {words}
      </button>
    </StepForm>
  )
}
