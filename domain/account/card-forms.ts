import { z } from 'zod'
import type { FormDefinition } from './form.ts'

export const unlockCodesForm = {
  name: 'cards-unlock',
  operation: 'unlock-codes',
  page: 'cards',
  schema: z.object({ lastFour: z.string().regex(/^\d{4}$/) }),
  complaints: [],
} satisfies FormDefinition
