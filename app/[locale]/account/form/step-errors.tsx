import type { FormDefinition } from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'
import { ErrorSummary } from './error-summary.tsx'
import { formState } from './words.ts'

/** What went wrong with a form that is one button. */
export async function StepErrors({ locale, definition }: { locale: Language; definition: FormDefinition }) {
  const { errors, summaryHeading, stamp } = await formState(locale, definition)
  return <ErrorSummary key={stamp} heading={summaryHeading} errors={errors} order={[]} form={definition.name} />
}
