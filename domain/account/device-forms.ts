import { z } from 'zod'
import { itemName, nameComplaints, nothing } from './fields.ts'
import type { FormDefinition } from './form.ts'

export const pairDeviceForm = {
  name: 'devices-pair',
  operation: 'add-device',
  page: 'devices',
  schema: nothing,
  complaints: [],
} satisfies FormDefinition

export const renameDeviceForm = {
  name: 'devices-rename',
  operation: 'rename-passkey-or-device',
  page: 'devices',
  schema: z.object({ deviceId: z.string(), name: itemName }),
  complaints: nameComplaints,
} satisfies FormDefinition

export const removeDeviceForm = {
  name: 'devices-remove',
  operation: 'remove-device',
  page: 'devices',
  schema: z.object({ deviceId: z.string() }),
  complaints: [],
} satisfies FormDefinition
