import type { z } from 'zod'
import { isUnicodeText } from '#domain/kernel/text.ts'
import type { Operation } from './assurance.ts'

/** A form of the account: what the page checks before it is sent, and the server after. Messages of the schema are error ids. */
export interface FormDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string
  /** What sending it does: says what it needs (assurance.ts). */
  readonly operation: Operation
  /** Its page below /account, such as `sign-in` or `contact/email`. */
  readonly page: string
  readonly schema: Schema
  /** The error ids that the schema may answer: the page needs their sentences. */
  readonly complaints: readonly string[]
  /** Fields that are not kept when the form comes back, such as codes. */
  readonly secret?: readonly string[]
}

/** Why a field, or the form as a whole (`form`), was not accepted: the id of a sentence, and its values. */
export interface FieldError {
  readonly id: string
  readonly values?: Readonly<Record<string, string | number>>
}

/** What was typed into a form, and what is wrong with it. */
export interface Draft {
  readonly values: Readonly<Record<string, string>>
  readonly errors: Readonly<Record<string, FieldError>>
  /** Tells this draft from the one before it. */
  readonly stamp?: number
}

/** What a form says, each field as text; a field that is no text, none that can be stored, or too much of it, is empty. */
export function textsOf(form: FormData, fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    fields.map(field => {
      const value = form.get(field)
      return [field, typeof value === 'string' && value.length <= 2000 && isUnicodeText(value) ? value : '']
    }),
  )
}

/** The first complaint about each field. */
export function errorsOf(error: z.ZodError): Record<string, FieldError> {
  const errors: Record<string, FieldError> = {}
  for (const { path, message } of error.issues) errors[String(path[0] ?? 'form')] ??= { id: message }
  return errors
}

export function fieldsOf(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape)
}

/** A page below /account by its segments; any other segment leads to the overview. */
export function pageOf(segments: readonly string[] = []): string {
  return segments.length <= 6 && segments.every(segment => /^[a-z0-9-]{1,60}$/.test(segment)) ? segments.join('/') : ''
}
