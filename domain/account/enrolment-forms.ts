import { z } from 'zod'
import { codeComplaints, codeSchema, emailComplaints, emailField, nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'

const enrol = { page: 'enrol', operation: 'enrol' } as const

export const activationForm = {
  ...enrol,
  name: 'enrol-activation',
  // Only the server verifies the check character, as part of a counted attempt.
  schema: z.object({ activationCode: z.string().trim().min(1, 'activation-missing') }),
  complaints: ['activation-missing'],
  secret: ['activationCode'],
} satisfies FormDefinition

export const proofChoiceForm = {
  ...enrol,
  name: 'enrol-proof-choice',
  schema: z.object({ proof: z.enum(['sms', 'email'], 'proof-missing') }),
  complaints: ['proof-missing'],
} satisfies FormDefinition

export const proofCodeForm = {
  ...enrol,
  name: 'enrol-proof-code',
  schema: codeSchema,
  complaints: codeComplaints,
  secret: ['code'],
} satisfies FormDefinition

/** Digits as people type them: also full width, or with blanks. `length`: minimum and maximum. */
function digits(length: readonly [number, number], message: string) {
  const [least, most] = length
  return z
    .string()
    .transform(typed => typed.normalize('NFKC').replace(/[\s\p{Cf}]/gu, ''))
    .refine(text => /^[0-9]+$/.test(text) && text.length >= least && text.length <= most, message)
}

export const factsForm = {
  ...enrol,
  name: 'enrol-facts',
  schema: z
    .object({
      debitAccountLastFour: digits([4, 4], 'account-malformed'),
      birthYear: digits([4, 4], 'birth-malformed'),
      birthMonth: digits([1, 2], 'birth-malformed'),
      birthDay: digits([1, 2], 'birth-malformed'),
    })
    .refine(({ birthYear, birthMonth, birthDay }) => isDate(Number(birthYear), Number(birthMonth), Number(birthDay)), {
      message: 'birth-malformed',
      path: ['birthYear'],
    }),
  complaints: ['account-malformed', 'birth-malformed'],
  secret: ['debitAccountLastFour', 'birthYear', 'birthMonth', 'birthDay'],
} satisfies FormDefinition

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export const addressForm = {
  ...enrol,
  name: 'enrol-address',
  schema: z.object({ email: emailField }),
  complaints: emailComplaints,
} satisfies FormDefinition

export const addressCodeForm = {
  ...enrol,
  name: 'enrol-address-code',
  schema: codeSchema,
  complaints: codeComplaints,
  secret: ['code'],
} satisfies FormDefinition

/** "Send a new code", "use another address" and "choose another proof", which have no fields. */
export const enrolStepForm = {
  ...enrol,
  name: 'enrol-step',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

export const termsForm = {
  ...enrol,
  name: 'enrol-terms',
  schema: z.object({
    accepted: z.literal('yes', 'terms-not-accepted'),
    version: z.string('terms-not-accepted'),
  }),
  complaints: ['terms-not-accepted'],
} satisfies FormDefinition
