import { chooseAgain } from './actions.ts'
import { StepForm, type WindowForm } from './form.tsx'

/** Returns to the choice of a method. */
export function ChooseAgain({ form, words }: { form: WindowForm; words: string }) {
  return (
    <StepForm action={chooseAgain} form={form}>
      <button type="submit" className="button button-plain px-0 text-sm sm:text-base">
        {words}
      </button>
    </StepForm>
  )
}
