import type { ReactNode } from 'react'

/** What every form of the window carries: which window, and proof that the form came from its page. */
export interface WindowForm {
  readonly windowKey: string
  readonly formToken: string
}

export function StepForm({
  action,
  form,
  className = '',
  children,
}: {
  action: (form: FormData) => Promise<never>
  form: WindowForm
  className?: string
  children: ReactNode
}) {
  return (
    <form action={action} noValidate className={className}>
      <input type="hidden" name="windowKey" value={form.windowKey} />
      <input type="hidden" name="formToken" value={form.formToken} />
      {children}
    </form>
  )
}
