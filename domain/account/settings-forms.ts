import { z } from 'zod'
import { preferences } from '#domain/methods/selection.ts'
import { nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'
import { readGreeting } from './greeting.ts'

const greetingField = z.string().transform((typed, context) => {
  const read = readGreeting(typed)
  if (read.kind === 'greeting') return read.text
  context.addIssue({ code: 'custom', message: read.kind })
  return z.NEVER
})

/** `none`: no choice of the cardholder's own. */
export const languageForm = {
  name: 'settings-language',
  operation: 'change-settings',
  page: 'settings',
  schema: z.object({ language: z.enum(['ja', 'en', 'none'], 'language-missing') }),
  complaints: ['language-missing'],
} satisfies FormDefinition

/** How payments are asked about. */
export const askedForm = {
  name: 'settings-asked',
  operation: 'change-settings',
  page: 'settings',
  schema: z.object({ asked: z.enum(preferences, 'asked-missing') }),
  complaints: ['asked-missing'],
} satisfies FormDefinition

export const greetingForm = {
  name: 'settings-greeting',
  operation: 'change-settings',
  page: 'settings',
  schema: z.object({ greeting: greetingField }),
  complaints: ['greeting-missing', 'greeting-long', 'greeting-characters', 'greeting-address'],
} satisfies FormDefinition

export const removeGreetingForm = {
  name: 'settings-greeting-remove',
  operation: 'change-settings',
  page: 'settings',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
