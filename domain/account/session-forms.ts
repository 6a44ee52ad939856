import { z } from 'zod'
import { nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'

export const endSessionForm = {
  name: 'sessions-end',
  operation: 'end-sessions',
  page: 'sessions',
  schema: z.object({ sessionId: z.string() }),
  complaints: [],
} satisfies FormDefinition

export const endOtherSessionsForm = {
  name: 'sessions-end-others',
  operation: 'end-sessions',
  page: 'sessions',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition
