import { nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'

export const closeAccountForm = {
  name: 'data-close',
  operation: 'close-account',
  page: 'data/close',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
