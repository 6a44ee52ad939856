import type { ReactNode } from 'react'

/**
 * What every form of the window carries: the window's key, and a token that proves that the form came from its page.
 */
export interface WindowForm {
  readonly windowKey: string
  readonly formToken: string
}

export function StepForm({
  id,
  action,
  form,
  className = '',
  data = {},
  children,
}: {
  id?: string
  action: (form: FormData) => Promise<never>
  form: WindowForm
  className?: string
  /** Values for the window's scripts, as data attributes. */
  data?: Readonly<Record<string, string | number>>
  children: ReactNode
}) {
  return (
    <form id={id} action={action} noValidate className={className} {...dataAttributes(data)}>
      <input type="hidden" name="windowKey" value={form.windowKey} />
      <input type="hidden" name="formToken" value={form.formToken} />
      {children}
    </form>
  )
}

function dataAttributes(data: Readonly<Record<string, string | number>>) {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [`data-${name}`, value]))
}
