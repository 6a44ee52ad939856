'use server'

import { pairDeviceForm, removeDeviceForm, renameDeviceForm } from '#domain/account/device-forms.ts'
import { removeApprovalDevice, renameApprovalDevice } from '#server/account/approval-devices.ts'
import { beginPairing } from '#server/account/pair-device.ts'
import { submit } from '../action.ts'

export async function pair(form: FormData): Promise<never> {
  return submit(form, pairDeviceForm, async actor => {
    const { kind } = await beginPairing(actor)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'devices', ...(kind === 'devices-spent' && { notice: 'devices-spent' }) }
  })
}

export async function rename(form: FormData): Promise<never> {
  return submit(form, renameDeviceForm, async (actor, { deviceId, name }) => {
    const { kind } = await renameApprovalDevice(actor, deviceId, name)
    return { kind: 'done', page: 'devices', ...(kind === 'done' && { notice: 'device-renamed' }) }
  })
}

export async function remove(form: FormData): Promise<never> {
  return submit(form, removeDeviceForm, async (actor, { deviceId }) => {
    const { kind } = await removeApprovalDevice(actor, deviceId)
    return { kind: 'done', page: 'devices', ...(kind === 'done' && { notice: 'device-removed' }) }
  })
}
