import type { FormDefinition } from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'
import { ErrorSummary } from './error-summary.tsx'
import { formState } from './words.ts'

/** The errors of a form that is only a button. */
export async function StepErrors({ locale, definition }: { locale: Language; definition: FormDefinition }) {
  const { errors, summaryHeading, stamp } = await formState(locale, definition)
  return <ErrorSummary key={stamp} heading={summaryHeading} errors={errors} order={[]} form={definition.name} />
}
