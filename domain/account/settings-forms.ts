import { z } from 'zod'
import { accountPreferences } from '#domain/methods/selection.ts'
import { nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'
import { readPersonalMessage } from './personal-message.ts'

const personalMessageField = z.string().transform((typed, context) => {
  const read = readPersonalMessage(typed)
  if (read.kind === 'personal-message') return read.text
  context.addIssue({ code: 'custom', message: read.kind })
  return z.NEVER
})

/** `none`: the cardholder has no preference. */
export const languageForm = {
  name: 'settings-language',
  operation: 'change-settings',
  page: 'settings',
  schema: z.object({ language: z.enum(['ja', 'en', 'none'], 'language-missing') }),
  complaints: ['language-missing'],
} satisfies FormDefinition

/** The cardholder's preferred method for payments. */
export const preferredMethodForm = {
  name: 'settings-preferred-method',
  operation: 'change-settings',
  page: 'settings',
  schema: z.object({ preferredMethod: z.enum(accountPreferences, 'preferred-method-missing') }),
  complaints: ['preferred-method-missing'],
} satisfies FormDefinition

export const personalMessageForm = {
  name: 'settings-personal-message',
  operation: 'change-settings',
  page: 'settings',
  schema: z.object({ personalMessage: personalMessageField }),
  complaints: [
    'personal-message-missing',
    'personal-message-long',
    'personal-message-characters',
    'personal-message-address',
  ],
} satisfies FormDefinition

export const removePersonalMessageForm = {
  name: 'settings-personal-message-remove',
  operation: 'change-settings',
  page: 'settings',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
