import { z } from 'zod'
import { readMobile } from '#domain/contact/phone.ts'
import { codeComplaints, codeSchema, emailComplaints, emailField, nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'

/** A mobile number as people write it. The server checks whether text messages are sent to its country. */
const mobileField = z.string().transform((typed, context) => {
  const read = readMobile(typed)
  if (read.kind === 'mobile') return read.number
  context.addIssue({ code: 'custom', message: read.kind })
  return z.NEVER
})
const mobileComplaints = ['mobile-missing', 'mobile-malformed', 'mobile-no-sms', 'mobile-country'] as const

const codeForm = (kind: 'email' | 'mobile') =>
  ({
    name: `contact-${kind}-code`,
    operation: 'enter-change-code',
    page: `contact/${kind}`,
    schema: codeSchema,
    complaints: codeComplaints,
    secret: ['code'],
  }) satisfies FormDefinition

export const newEmailForm = {
  name: 'contact-email',
  operation: 'change-contact',
  page: 'contact/email',
  schema: z.object({ email: emailField }),
  complaints: emailComplaints,
} satisfies FormDefinition

export const newMobileForm = {
  name: 'contact-mobile',
  operation: 'change-contact',
  page: 'contact/mobile',
  schema: z.object({ mobile: mobileField }),
  complaints: mobileComplaints,
} satisfies FormDefinition

export const newEmailCodeForm = codeForm('email')
export const newMobileCodeForm = codeForm('mobile')

/** "Send a new code" on either page, which has no fields. */
export const emailStepForm = {
  name: 'contact-email-step',
  operation: 'enter-change-code',
  page: 'contact/email',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
export const mobileStepForm = {
  ...emailStepForm,
  name: 'contact-mobile-step',
  page: 'contact/mobile',
} satisfies FormDefinition

export const cancelChangeForm = {
  name: 'contact-cancel',
  operation: 'cancel-change',
  page: 'contact',
  schema: z.object({ kind: z.enum(['email', 'mobile']) }),
  complaints: [],
} satisfies FormDefinition

/** "This is mine", about a contact that was registered in the window of a purchase. */
export const confirmContactForm = {
  name: 'contact-confirm',
  operation: 'confirm-contact',
  page: 'contact',
  schema: z.object({ kind: z.enum(['email', 'mobile']) }),
  complaints: [],
} satisfies FormDefinition

export const stopMobileForm = {
  name: 'contact-stop',
  operation: 'stop-mobile',
  page: 'contact',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

export const resolveForm = {
  name: 'contact-resolve',
  operation: 'resolve-report',
  page: 'contact',
  schema: z.object({ resolution: z.enum(['was-me', 'dealt-with']) }),
  complaints: [],
} satisfies FormDefinition

export const testCodeForm = {
  name: 'contact-test',
  operation: 'send-test-code',
  page: 'contact/test',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
