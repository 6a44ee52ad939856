import { z } from 'zod'
import { readCode } from '#domain/code/read-code.ts'
import { normaliseEmail } from '#domain/contact/address.ts'

// Fields of the account's forms. A message is the id of a sentence in messages/ under `account.errors`.

/** An e-mail address as people have and type them. */
export const emailField = z.string().transform((typed, context) => {
  const address = normaliseEmail(typed)
  if (address !== undefined) return address
  context.addIssue({ code: 'custom', message: typed.trim() === '' ? 'email-missing' : 'email-malformed' })
  return z.NEVER
})
export const emailComplaints = ['email-missing', 'email-malformed'] as const

/** A one-time code as people type and paste it. */
export const codeField = z.string().transform((typed, context) => {
  const read = readCode(typed)
  if (read.kind === 'code') return read.code
  context.addIssue({ code: 'custom', message: read.kind })
  return z.NEVER
})
export const codeComplaints = ['code-missing', 'code-malformed'] as const
