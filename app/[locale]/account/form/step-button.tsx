import type { ReactNode } from 'react'
import type { Language } from '#domain/kernel/language.ts'
import { SubmitButton } from './submit-button.tsx'

/** A form that is only a button. `fields` are sent with it. */
export function StepButton({
  action,
  locale,
  page,
  fields = {},
  plain = false,
  danger = false,
  describedBy,
  children,
}: {
  action: (form: FormData) => Promise<never>
  locale: Language
  page?: string
  fields?: Readonly<Record<string, string>>
  plain?: boolean
  /** It removes or ends something. */
  danger?: boolean
  describedBy?: string
  children: ReactNode
}) {
  return (
    <form action={action}>
      <input type="hidden" name="locale" value={locale} />
      {page !== undefined && <input type="hidden" name="page" value={page} />}
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton look={lookOf(plain, danger)} describedBy={describedBy}>
        {children}
      </SubmitButton>
    </form>
  )
}

function lookOf(plain: boolean, danger: boolean) {
  if (plain) return danger ? 'plain-danger' : 'plain'
  return danger ? 'danger' : 'main'
}
