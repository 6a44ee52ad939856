import { z } from 'zod'
import { readCode } from '#domain/code/read-code.ts'
import { normaliseEmail } from '#domain/contact/address.ts'

// Fields of the account's forms. Each issue message is the id of a text in messages/ under `account.errors`.

/** An e-mail address as people type it. */
export const emailField = z.string().transform((typed, context) => {
  const address = normaliseEmail(typed)
  if (address !== undefined) return address
  context.addIssue({ code: 'custom', message: typed.trim() === '' ? 'email-missing' : 'email-malformed' })
  return z.NEVER
})
export const emailComplaints = ['email-missing', 'email-malformed'] as const

/** A one-time code as people type and paste it. */
const codeField = z.string().transform((typed, context) => {
  const read = readCode(typed)
  if (read.kind === 'code') return read.code
  context.addIssue({ code: 'custom', message: read.kind })
  return z.NEVER
})
export const codeComplaints = ['code-missing', 'code-malformed'] as const
export const codeSchema = z.object({ code: codeField })

/** The cardholder's name for a passkey or device. */
export const itemName = z.string().trim().min(1, 'name-missing').max(60, 'name-long')
export const nameComplaints = ['name-missing', 'name-long'] as const

/** The schema of a form without fields. */
export const nothing = z.object({})
