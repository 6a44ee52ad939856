'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { unstable_rethrow } from 'next/navigation'
import { type FormEvent, type ReactNode, useEffect, useRef, useState, useTransition } from 'react'
import { useForm } from 'react-hook-form'
import { errorsOf, type FormDefinition } from '#domain/account/form.ts'
import { ErrorSummary } from './error-summary.tsx'
import { keepTyped } from './keep-typed.ts'
import { SubmitButton } from './submit-button.tsx'
import { TextField, type TextFieldProps } from './text-field.tsx'
import type { FormState } from './words.ts'

export interface AccountFormProps {
  readonly action: (form: FormData) => Promise<never>
  readonly state: FormState
  readonly fields: readonly Omit<TextFieldProps, 'error' | 'value'>[]
  readonly submit: string
  /** The page below /account that has the form, if it is not the definition's own. */
  readonly page?: string
  readonly children?: ReactNode
}

/**
 * A form of the account. Without scripts it is a plain post that comes back with the input and its errors. With scripts
 * the same schema shows the errors before anything is sent.
 */
export function AccountForm(props: AccountFormProps & { readonly definition: FormDefinition }) {
  // A new response of the server resets the form.
  return <EnhancedForm key={props.state.stamp} {...props} />
}

function EnhancedForm({
  definition,
  action,
  state,
  fields,
  submit,
  page,
  children,
}: AccountFormProps & { readonly definition: FormDefinition }) {
  const form = useRef<HTMLFormElement>(null)
  const [errors, setErrors] = useState(state.errors)
  // Ends when the response is shown, even if it is the same page.
  const [working, startWorking] = useTransition()
  const [failed, setFailed] = useState<Readonly<Record<string, string>>>()
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(definition.schema),
    defaultValues: state.values as Record<string, never>,
    reValidateMode: 'onSubmit',
    shouldFocusError: false,
  })
  const { isDirty } = formState

  // Keeps the input for a visitor who changes the language.
  useEffect(() => {
    if (!isDirty) return
    const keep = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-language]') : null
      if (!link || !form.current || event.metaKey || event.ctrlKey) return
      event.preventDefault()
      const typed = new FormData(form.current)
      for (const field of definition.secret ?? []) typed.delete(field)
      keepTyped(definition.name, typed).finally(() => location.assign(link.href))
    }
    document.addEventListener('click', keep)
    return () => document.removeEventListener('click', keep)
  }, [isDirty, definition])

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (working) return
    const typed = new FormData(event.currentTarget)
    handleSubmit(
      () => {
        setErrors({})
        setFailed(undefined)
        startWorking(async () => {
          try {
            await action(typed)
          } catch (error) {
            // A redirect also arrives as an error, and is rethrown. After any other error the input stays.
            unstable_rethrow(error)
            setFailed({ form: state.failure.text })
          }
        })
      },
      async () => {
        const { error } = await definition.schema.safeParseAsync(Object.fromEntries(typed))
        const found = Object.entries(error ? errorsOf(error) : {})
        setErrors(Object.fromEntries(found.map(([field, { id }]) => [field, state.sentences[id] ?? id])))
        if (!document.title.startsWith(state.errorPrefix)) document.title = state.errorPrefix + document.title
      },
    )(event)
  }

  return (
    <form ref={form} action={action} onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
      <ErrorSummary
        heading={failed ? state.failure.heading : state.summaryHeading}
        errors={failed ?? errors}
        order={fields.map(({ name }) => name)}
        form={definition.name}
      />
      <input type="hidden" name="locale" value={state.locale} />
      {page !== undefined && <input type="hidden" name="page" value={page} />}
      {fields.map(field => (
        <TextField
          key={field.name}
          {...field}
          {...register(field.name as never)}
          id={`${definition.name}-${field.name}`}
          value={state.values[field.name]}
          error={errors[field.name]}
        />
      ))}
      {children}
      <div>
        <SubmitButton busy={working} working={state.working}>
          {submit}
        </SubmitButton>
      </div>
    </form>
  )
}
