'use client'

import type { ReactNode } from 'react'
import { useFormStatus } from 'react-dom'

/**
 * The button of every form of the account. While its form is being sent it is marked as busy and sends nothing again;
 * that ends with the answer, whatever the answer.
 */
export function SubmitButton({
  look = 'main',
  busy = false,
  working,
  describedBy,
  children,
}: {
  readonly look?: 'main' | 'plain' | 'danger' | 'plain-danger'
  /** Busy for another reason than the form's own action. */
  readonly busy?: boolean
  /** What the button says while it is busy, if that is something else. */
  readonly working?: string
  readonly describedBy?: string | undefined
  readonly children: ReactNode
}) {
  const { pending } = useFormStatus()
  const isBusy = busy || pending
  return (
    <button
      type="submit"
      className={looks[look]}
      aria-describedby={describedBy}
      aria-disabled={isBusy || undefined}
      onClick={event => isBusy && event.preventDefault()}
    >
      {isBusy && working ? working : children}
    </button>
  )
}

const looks = {
  main: 'button',
  plain: 'button button-plain px-0',
  danger: 'button button-danger',
  'plain-danger': 'button button-plain button-danger px-0',
} as const
