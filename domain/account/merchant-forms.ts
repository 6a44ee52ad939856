import { z } from 'zod'
import type { FormDefinition } from './form.ts'

export const trustMerchantForm = {
  name: 'merchants-trust',
  operation: 'trust-merchant',
  page: 'merchants',
  schema: z.object({ paymentId: z.string() }),
  complaints: [],
} satisfies FormDefinition

export const distrustMerchantForm = {
  name: 'merchants-distrust',
  operation: 'distrust-merchant',
  page: 'merchants',
  schema: z.object({ merchantId: z.string() }),
  complaints: [],
} satisfies FormDefinition
