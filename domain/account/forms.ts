import { z } from 'zod'
import { readCrockfordCode } from '#domain/code/crockford-code.ts'
import { codeComplaints, codeField, emailComplaints, emailField } from './fields.ts'
import type { FormDefinition } from './form.ts'

const codeSchema = z.object({ code: codeField })
const nothing = z.object({})

export const signInForm = {
  name: 'sign-in',
  page: 'sign-in',
  schema: z.object({ email: emailField }),
  complaints: emailComplaints,
} satisfies FormDefinition

export const signInCodeForm = {
  name: 'sign-in-code',
  page: 'sign-in',
  schema: codeSchema,
  complaints: codeComplaints,
  secret: ['code'],
} satisfies FormDefinition

/** "Send a new code" and "use another address": nothing is typed. */
export const signInStepForm = {
  name: 'sign-in-step',
  page: 'sign-in',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

export const confirmCodeForm = {
  name: 'confirm-code',
  page: 'confirm',
  schema: codeSchema,
  complaints: codeComplaints,
  secret: ['code'],
} satisfies FormDefinition

export const confirmStepForm = {
  name: 'confirm-step',
  page: 'confirm',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

const enrol = { page: 'enrol' } as const

export const activationForm = {
  ...enrol,
  name: 'enrol-activation',
  // Whether the check character is right is told by the server with everything else: a counted try.
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

/** Digits however they are typed: full width, with blanks. */
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

/** "Send a new code", "use another address", "send it elsewhere". */
export const enrolStepForm = {
  ...enrol,
  name: 'enrol-step',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

export const termsForm = {
  ...enrol,
  name: 'enrol-terms',
  schema: z.object({ accepted: z.literal('yes', 'terms-not-accepted') }),
  complaints: ['terms-not-accepted'],
} satisfies FormDefinition

/** The code of a text message, by whoever was told of something that was not theirs. */
export const reportCodeForm = {
  name: 'report-code',
  page: 'report',
  schema: z.object({
    reportCode: z
      .string()
      .trim()
      .min(1, 'report-code-missing')
      .transform((typed, context) => {
        const code = readCrockfordCode(typed)
        if (code === undefined) context.addIssue({ code: 'custom', message: 'report-code-malformed' })
        return code ?? z.NEVER
      }),
  }),
  complaints: ['report-code-missing', 'report-code-malformed'],
} satisfies FormDefinition

export const answerPaymentForm = {
  name: 'payments-answer',
  page: 'payments',
  schema: z.object({ paymentId: z.string(), answer: z.enum(['approved', 'declined']) }),
  complaints: [],
} satisfies FormDefinition

export const reportHappeningForm = {
  name: 'activity-report',
  page: 'activity/report',
  schema: z.object({ happening: z.string(), happeningId: z.string() }),
  complaints: [],
} satisfies FormDefinition

export const endSessionForm = {
  name: 'sessions-end',
  page: 'sessions',
  schema: z.object({ sessionId: z.string() }),
  complaints: [],
} satisfies FormDefinition

export const endOtherSessionsForm = {
  name: 'sessions-end-others',
  page: 'sessions',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

const itemName = z.string().trim().min(1, 'name-missing').max(60, 'name-long')

export const renamePasskeyForm = {
  name: 'passkeys-rename',
  page: 'passkeys',
  schema: z.object({ passkeyId: z.string(), name: itemName }),
  complaints: ['name-missing', 'name-long'],
} satisfies FormDefinition

export const removePasskeyForm = {
  name: 'passkeys-remove',
  page: 'passkeys',
  schema: z.object({ passkeyId: z.string() }),
  complaints: [],
} satisfies FormDefinition

export const pairDeviceForm = {
  name: 'devices-pair',
  page: 'devices',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

export const renameDeviceForm = {
  name: 'devices-rename',
  page: 'devices',
  schema: z.object({ deviceId: z.string(), name: itemName }),
  complaints: ['name-missing', 'name-long'],
} satisfies FormDefinition

export const removeDeviceForm = {
  name: 'devices-remove',
  page: 'devices',
  schema: z.object({ deviceId: z.string() }),
  complaints: [],
} satisfies FormDefinition

export const closeAccountForm = {
  name: 'data-close',
  page: 'data/close',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
