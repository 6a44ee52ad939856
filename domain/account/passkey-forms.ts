import { z } from 'zod'
import { itemName, nameComplaints } from './fields.ts'
import type { FormDefinition } from './form.ts'

export const renamePasskeyForm = {
  name: 'passkeys-rename',
  operation: 'rename-passkey-or-device',
  page: 'passkeys',
  schema: z.object({ passkeyId: z.string(), name: itemName }),
  complaints: nameComplaints,
} satisfies FormDefinition

export const removePasskeyForm = {
  name: 'passkeys-remove',
  operation: 'remove-passkey',
  page: 'passkeys',
  schema: z.object({ passkeyId: z.string() }),
  complaints: [],
} satisfies FormDefinition
