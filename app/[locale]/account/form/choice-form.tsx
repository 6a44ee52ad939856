import type { FormDefinition } from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'
import { ErrorSummary } from './error-summary.tsx'
import { SubmitButton } from './submit-button.tsx'
import { formState } from './words.ts'

export interface Choice {
  readonly value: string
  readonly label: string
  readonly hint?: string
}

/** A form with a single choice, in which the current value is marked. It works without scripts. */
export async function ChoiceForm({
  locale,
  definition,
  action,
  field,
  legend,
  choices,
  chosen,
  submit,
}: {
  locale: Language
  definition: FormDefinition
  action: (form: FormData) => Promise<never>
  field: string
  legend: string
  choices: readonly Choice[]
  chosen: string
  submit: string
}) {
  const { errors, values, summaryHeading, stamp } = await formState(locale, definition)
  const id = (value: string) => `${definition.name}-${field}-${value}`
  return (
    <form action={action} noValidate className="flex flex-col items-start gap-4">
      <ErrorSummary key={stamp} heading={summaryHeading} errors={errors} order={[field]} form={definition.name} />
      <input type="hidden" name="locale" value={locale} />
      <fieldset id={`${definition.name}-${field}`} tabIndex={-1} className="flex flex-col gap-2">
        <legend className="mb-2 font-bold">{legend}</legend>
        {errors[field] && <p className="font-bold text-danger">{errors[field]}</p>}
        {choices.map(({ value, label, hint }) => (
          <div key={value} className="flex min-h-6 items-start gap-3">
            <input
              type="radio"
              id={id(value)}
              name={field}
              value={value}
              defaultChecked={(values[field] ?? chosen) === value}
              aria-describedby={hint && `${id(value)}-hint`}
              className="mt-1 size-5 shrink-0 accent-accent"
            />
            <div>
              <label htmlFor={id(value)}>{label}</label>
              {hint && (
                <p id={`${id(value)}-hint`} className="text-sm text-soft">
                  {hint}
                </p>
              )}
            </div>
          </div>
        ))}
      </fieldset>
      <SubmitButton>{submit}</SubmitButton>
    </form>
  )
}
