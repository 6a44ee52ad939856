import type { ReactNode } from 'react'
import type { Language } from '#domain/kernel/language.ts'

/** A form that is only a button. `fields` are sent with it. */
export function StepButton({
  action,
  locale,
  page,
  fields = {},
  plain = false,
  describedBy,
  children,
}: {
  action: (form: FormData) => Promise<never>
  locale: Language
  page?: string
  fields?: Readonly<Record<string, string>>
  plain?: boolean
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
      <button type="submit" className={plain ? 'button button-plain px-0' : 'button'} aria-describedby={describedBy}>
        {children}
      </button>
    </form>
  )
}
