'use client'

import { useEffect, useRef } from 'react'

/** The errors of a form, above it, each with a link to its field. It takes the focus. */
export function ErrorSummary({
  heading,
  errors,
  order,
  form,
}: {
  readonly heading: string
  readonly errors: Readonly<Record<string, string>>
  readonly order: readonly string[]
  readonly form: string
}) {
  const box = useRef<HTMLDivElement>(null)
  const found = ['form', ...order].flatMap(field => (errors[field] ? [{ field, text: errors[field] }] : []))
  useEffect(() => {
    if (Object.keys(errors).length > 0) box.current?.focus()
  }, [errors])
  if (found.length === 0) return null
  const id = `${form}-summary`
  return (
    <div
      ref={box}
      id={id}
      role="alert"
      tabIndex={-1}
      aria-labelledby={`${id}-heading`}
      className="rounded-md border-2 border-danger px-4 py-3"
    >
      <h2 id={`${id}-heading`} className="text-base font-bold">
        {heading}
      </h2>
      <ul>
        {found.map(({ field, text }) => (
          <li key={field}>
            {field === 'form' ? (
              text
            ) : (
              <a href={`#${form}-${field}`} className="text-danger underline">
                {text}
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
