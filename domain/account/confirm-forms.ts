import { codeComplaints, codeSchema, nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'

export const confirmCodeForm = {
  name: 'confirm-code',
  operation: 'step-up',
  page: 'confirm',
  schema: codeSchema,
  complaints: codeComplaints,
  secret: ['code'],
} satisfies FormDefinition

export const confirmStepForm = {
  name: 'confirm-step',
  operation: 'step-up',
  page: 'confirm',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
