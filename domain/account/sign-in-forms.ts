import { z } from 'zod'
import { codeComplaints, codeSchema, emailComplaints, emailField, nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'

export const signInForm = {
  name: 'sign-in',
  operation: 'sign-in',
  page: 'sign-in',
  schema: z.object({ email: emailField }),
  complaints: emailComplaints,
} satisfies FormDefinition

export const signInCodeForm = {
  name: 'sign-in-code',
  operation: 'sign-in',
  page: 'sign-in',
  schema: codeSchema,
  complaints: codeComplaints,
  secret: ['code'],
} satisfies FormDefinition

/** "Send a new code" and "use another address", which have no fields. */
export const signInStepForm = {
  name: 'sign-in-step',
  operation: 'sign-in',
  page: 'sign-in',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
