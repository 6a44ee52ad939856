import { z } from 'zod'
import type { FormDefinition } from './form.ts'

/** "This was me" about a payment that was refused as unusual. */
export const confirmRefusedForm = {
  name: 'confirm-refused',
  operation: 'confirm-refused-payment',
  page: 'refused',
  schema: z.object({ alertId: z.string() }),
  complaints: [],
} satisfies FormDefinition
