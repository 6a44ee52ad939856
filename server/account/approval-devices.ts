import { database, type Queryable, transaction } from '#db/client.ts'
import { accountOf, cardholderById } from '#db/queries/accounts.ts'
import * as db from '#db/queries/approval-devices.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import type { DeviceKind } from '#domain/approval/device.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { noticeIdentity } from './identity-notice.ts'
import { isId } from './sessions.ts'
import { deviceName } from './visitor.ts'

export interface ApprovalDevice {
  readonly id: string
  readonly kind: DeviceKind
  readonly name: string
  readonly platform: string
  /** Whether pushes reach it; undefined for the issuer's app, which has a push service of its own. */
  readonly isNotified: boolean | undefined
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

export async function listApprovalDevices({ cardholderId, language }: Actor): Promise<ApprovalDevice[]> {
  const rows = await db.devicesOf(database(), cardholderId)
  return rows.map(({ id, kind, name, platform, subscription, createdAt, lastUsedAt }) => ({
    ...{ id, kind, name: deviceName({ name }, language), platform: deviceName({ name: platform }, language) },
    isNotified: kind === 'web' ? subscription !== null : undefined,
    createdAt,
    lastUsedAt: lastUsedAt ?? undefined,
  }))
}

/** Whether the cardholder cannot add a device: not enrolled, or with the greatest permitted number of devices. */
export async function hasNoPlace(tx: Queryable, cardholderId: string): Promise<boolean> {
  if (!(await accountOf(tx, cardholderId))) return true
  return (await db.devicesOf(tx, cardholderId)).length >= accountPolicy.devices.perCardholder
}

type NewDevice = Omit<Parameters<typeof db.insertDevice>[1], 'cardholderId'>

/** Adds a device and notifies every contact. Returns false if a device with the same key exists. */
export async function addDevice(
  tx: Queryable,
  { id: cardholderId, language }: { readonly id: string; readonly language: Language },
  row: NewDevice,
): Promise<boolean> {
  if (!(await db.insertDevice(tx, { ...row, cardholderId }))) return false
  await audit(tx, { type: 'device-added', cardholderId, ref: row.id })
  const values = { at: formatTime(row.createdAt, language), device: deviceName(row, language) }
  await noticeIdentity(tx, { cardholderId, language }, 'device-added', values, row.createdAt)
  return true
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
  const { cardholderId } = actor
  return transaction(async tx => {
    const at = now()
    const removed = await db.removeDevice(tx, cardholderId, id, at)
    if (!removed) return { kind: 'unknown' }
    await noteRemoved(tx, { id, cardholderId, ...removed }, at)
    return { kind: 'done' }
  })
}

interface Removed {
  readonly id: string
  readonly cardholderId: string
  readonly name: string
}

/** Audits that a device was removed, and notifies every contact of its owner. */
export async function noteRemoved(tx: Queryable, { id, cardholderId, name }: Removed, at: number): Promise<void> {
  await audit(tx, { type: 'device-removed', cardholderId, ref: id })
  log.info('device.removed', { cardholderId })
  const { language = 'ja' } = (await cardholderById(tx, cardholderId)) ?? {}
  const values = { at: formatTime(at, language), device: deviceName({ name }, language) }
  await noticeIdentity(tx, { cardholderId, language }, 'device-removed', values, at)
}
