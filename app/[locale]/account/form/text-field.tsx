'use client'

import type { HTMLInputAutoCompleteAttribute, Ref } from 'react'

export interface TextFieldProps {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly type?: 'text' | 'email' | 'tel'
  readonly inputMode?: 'text' | 'email' | 'tel' | 'numeric'
  readonly autoComplete?: HTMLInputAutoCompleteAttribute
  /** The width, by the expected number of characters. */
  readonly width?: 'code' | 'short' | 'full'
  readonly value?: string | undefined
  readonly error?: string | undefined
}

const widths = { code: 'max-w-60 text-xl tracking-[0.2em]', short: 'max-w-60', full: 'max-w-[28em]' } as const

/** The label above, the hint before the field and the error after it, in the same words as in the summary. */
export function TextField({
  id,
  label,
  hint,
  error,
  value,
  width = 'full',
  type = 'text',
  ...input
}: TextFieldProps & {
  readonly id: string
  readonly ref?: Ref<HTMLInputElement>
  readonly onChange?: (event: { target: unknown; type?: string }) => unknown
  readonly onBlur?: (event: { target: unknown; type?: string }) => unknown
}) {
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-bold">
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="max-w-[40em] text-sm text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="font-bold text-danger">
          {error}
        </p>
      )}
      <input
        {...input}
        id={id}
        type={type}
        defaultValue={value}
        required
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy}
        className={`min-h-11 w-full rounded-md border-2 border-edge bg-paper px-3 py-1.5 aria-invalid:border-danger ${widths[width]}`}
      />
    </div>
  )
}
