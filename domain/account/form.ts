import type { z } from 'zod'
import { isUnicodeText } from '#domain/kernel/text.ts'
import type { Operation } from './assurance.ts'

/**
 * A form of the account. The page checks it before sending and the server checks it again. Messages of the schema are
 * error ids.
 */
export interface FormDefinition<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string
  /** The operation that the form performs, which decides the assurance it requires (assurance.ts). */
  readonly operation: Operation
  /** Its page below /account, such as `sign-in` or `contact/email`. */
  readonly page: string
  readonly schema: Schema
  /** The error ids that the schema may produce; the page needs their texts. */
  readonly complaints: readonly string[]
  /** Fields whose values are not kept when the form is shown again, such as codes. */
  readonly secret?: readonly string[]
}

/** Why a field, or the form as a whole (`form`), was rejected: the id of a text, and its values. */
export interface FieldError {
  readonly id: string
  readonly values?: Readonly<Record<string, string | number>>
}

/** The typed values of a form, and their errors. */
export interface Draft {
  readonly values: Readonly<Record<string, string>>
  readonly errors: Readonly<Record<string, FieldError>>
  /** Distinguishes this draft from the previous one. */
  readonly stamp?: number
}

/** The fields of a form as text. A field that is missing, not text, too long or cannot be stored is empty. */
export function textsOf(form: FormData, fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    fields.map(field => {
      const value = form.get(field)
      return [field, typeof value === 'string' && value.length <= 2000 && isUnicodeText(value) ? value : '']
    }),
  )
}

/** The first error of each field. */
export function errorsOf(error: z.ZodError): Record<string, FieldError> {
  const errors: Record<string, FieldError> = {}
  for (const { path, message } of error.issues) errors[String(path[0] ?? 'form')] ??= { id: message }
  return errors
}

export function fieldsOf(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape)
}

/** The page below /account for these path segments; empty (the overview) if a segment is invalid. */
export function pageOf(segments: readonly string[] = []): string {
  return segments.length <= 6 && segments.every(segment => /^[a-z0-9-]{1,60}$/.test(segment)) ? segments.join('/') : ''
}
