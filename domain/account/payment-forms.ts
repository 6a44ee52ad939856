import { z } from 'zod'
import type { FormDefinition } from './form.ts'

export const answerPaymentForm = {
  name: 'payments-answer',
  operation: 'answer-payment',
  page: 'payments',
  schema: z.object({ paymentId: z.string(), answer: z.enum(['approved', 'declined']) }),
  complaints: [],
} satisfies FormDefinition
