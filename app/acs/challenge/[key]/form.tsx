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
  children,
}: {
  id?: string
  action: (form: FormData) => Promise<never>
  form: WindowForm
  className?: string
  children: ReactNode
}) {
  return (
    <form id={id} action={action} noValidate className={className}>
      <input type="hidden" name="windowKey" value={form.windowKey} />
      <input type="hidden" name="formToken" value={form.formToken} />
      {children}
    </form>
  )
}
