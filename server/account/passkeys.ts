import { database, type Queryable, transaction } from '#db/client.ts'
import { removeDevicesOfPasskey } from '#db/queries/approval-devices.ts'
import * as db from '#db/queries/passkeys.ts'
import { allows } from '#domain/account/assurance.ts'
import { provesDespiteReport } from '#domain/contact/report.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { noticeIdentity } from './identity-notice.ts'
import { isId, lockFor } from './sessions.ts'
import { type Device, deviceName } from './visitor.ts'

export interface PasskeyInList {
  readonly id: string
  readonly name: string
  readonly synced: boolean
  readonly createdAt: number
  readonly lastUsedAt: number | undefined
}

export async function listPasskeys(actor: Actor): Promise<PasskeyInList[]> {
  const rows = await db.passkeysOf(database(), actor.cardholderId)
  return rows.map(({ id, name, synced, createdAt, lastUsedAt }) => ({
    id,
    name: deviceName({ name }, actor.language),
    synced,
    createdAt,
    lastUsedAt: lastUsedAt ?? undefined,
  }))
}

/**
 * The actor's passkeys that prove something now: while a report is open, only those registered before the start of the
 * dispute.
 */
export async function passkeysToConfirm({ cardholderId, disputedSince }: Actor) {
  const rows = await db.passkeysOf(database(), cardholderId)
  return rows.filter(({ createdAt }) => provesDespiteReport(createdAt, disputedSince))
}

type Changed = { readonly kind: 'done' | 'unknown' | 'stronger-authentication-needed' }

/**
 * Only the cardholder sees the name, so it needs no strong authentication. Another cardholder's passkey is `unknown`.
 */
export async function renamePasskey(actor: Actor, id: string, name: string): Promise<Changed> {
  const renamed = isId(id) && (await transaction(tx => db.renamePasskey(tx, actor.cardholderId, id, name)))
  return { kind: renamed ? 'done' : 'unknown' }
}

export async function removePasskey(actor: Actor, id: string): Promise<Changed> {
  if (!allows('remove-passkey', actor, now())) return { kind: 'stronger-authentication-needed' }
  if (!isId(id)) return { kind: 'unknown' }
  const { cardholderId, language } = actor
  return transaction(async tx => {
    const at = now()
    if (!(await lockFor(tx, 'remove-passkey', actor))) return { kind: 'stronger-authentication-needed' }
    if (!(await db.removePasskey(tx, cardholderId, id, at))) return { kind: 'unknown' }
    await audit(tx, { type: 'passkey-removed', cardholderId, ref: id })
    // A device of the web app signs with its passkey, and can approve nothing without it.
    for (const device of await removeDevicesOfPasskey(tx, id, at))
      await audit(tx, { type: 'device-removed', cardholderId, ref: device })
    log.info('passkey.removed', { cardholderId })
    await noticeIdentity(tx, actor, 'passkey-removed', { at: formatTime(at, language) }, at)
    return { kind: 'done' }
  })
}

/** Audits a new passkey and notifies every contact on file. */
export async function notePasskeyAdded(tx: Queryable, actor: Actor, id: string, device: Device, at: number) {
  const { cardholderId, language } = actor
  await audit(tx, { type: 'passkey-added', cardholderId, ref: id })
  log.info('passkey.added', { cardholderId })
  const values = { at: formatTime(at, language), device: deviceName(device, language) }
  await noticeIdentity(tx, actor, 'passkey-added', values, at)
}
