import { z } from 'zod'
import type { FormDefinition } from './form.ts'

export const trustMerchantForm = {
  name: 'merchants-trust',
  page: 'merchants',
  schema: z.object({ paymentId: z.string() }),
  complaints: [],
} satisfies FormDefinition

export const distrustMerchantForm = {
  name: 'merchants-distrust',
  page: 'merchants',
  schema: z.object({ merchantId: z.string() }),
  complaints: [],
} satisfies FormDefinition
