import { z } from 'zod'
import { readNumber } from '#domain/approval/request.ts'
import type { FormDefinition } from './form.ts'

// The forms of the page on which a device of the web app answers requests.

export const enterNumberForm = {
  name: 'approve-number',
  operation: 'answer-request',
  page: 'approve',
  schema: z.object({
    requestId: z.string(),
    // Only what cannot be the number is returned to the form: a wrong number ends the request.
    number: z.string().refine(typed => readNumber(typed) !== undefined, 'number-malformed'),
  }),
  complaints: ['number-malformed'],
  secret: ['number'],
} satisfies FormDefinition

export const refuseRequestForm = {
  name: 'approve-refuse',
  operation: 'answer-request',
  page: 'approve',
  schema: z.object({ requestId: z.string(), answer: z.enum(['declined', 'reported']) }),
  complaints: [],
} satisfies FormDefinition
