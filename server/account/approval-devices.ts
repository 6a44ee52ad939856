import { database, transaction } from '#db/client.ts'
import * as db from '#db/queries/approval-devices.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { noticeIdentity } from './identity-notice.ts'
import { isId } from './sessions.ts'

export interface ApprovalDevice {
  readonly id: string
  readonly name: string
  readonly platform: string
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

export async function listApprovalDevices({ cardholderId }: Actor): Promise<ApprovalDevice[]> {
  const rows = await db.devicesOf(database(), cardholderId)
  return rows.map(({ id, name, platform, createdAt, lastUsedAt }) => ({
    ...{ id, name, platform, createdAt, lastUsedAt: lastUsedAt ?? undefined },
  }))
}

type Changed = { readonly kind: 'done' | 'unknown' }

/**
 * Only the cardholder sees the name, so it needs no strong authentication. Another cardholder's device is `unknown`.
 */
export async function renameApprovalDevice(actor: Actor, id: string, name: string): Promise<Changed> {
  const renamed = isId(id) && (await transaction(tx => db.renameDevice(tx, actor.cardholderId, id, name)))
  return { kind: renamed ? 'done' : 'unknown' }
}

/** Removing a device only makes the account safer, so it needs no strong authentication. Every contact is notified. */
export async function removeApprovalDevice(actor: Actor, id: string): Promise<Changed> {
  if (!isId(id)) return { kind: 'unknown' }
  const { cardholderId, language } = actor
  return transaction(async tx => {
    const at = now()
    const removed = await db.removeDevice(tx, cardholderId, id, at)
    if (!removed) return { kind: 'unknown' }
    await audit(tx, { type: 'device-removed', cardholderId, ref: id })
    log.info('device.removed', { cardholderId })
    const values = { at: formatTime(at, language), device: removed.name }
    await noticeIdentity(tx, actor, 'device-removed', values, at)
    return { kind: 'done' }
  })
}
