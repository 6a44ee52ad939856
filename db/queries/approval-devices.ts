import { and, desc, eq, gt, gte, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { PushSubscription } from '#domain/approval/device.ts'
import { database, type Queryable } from '../client.ts'
import { approvalDevices, pairingCodes, sessions } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

export function devicesOf(tx: Queryable, cardholderId: string) {
  return tx
    .select()
    .from(approvalDevices)
    .where(and(eq(approvalDevices.cardholderId, cardholderId), isNull(approvalDevices.removedAt)))
    .orderBy(desc(approvalDevices.createdAt))
}

export type DeviceRow = typeof approvalDevices.$inferSelect

export async function findDevice(tx: Queryable, id: string): Promise<DeviceRow | undefined> {
  const [row] = await tx
    .select()
    .from(approvalDevices)
    .where(and(eq(approvalDevices.id, id), isNull(approvalDevices.removedAt)))
  return row
}

/** The device of the web app whose cookie has this secret. */
export async function findDeviceBySecret(secretDigest: Buffer): Promise<DeviceRow | undefined> {
  const [row] = await database()
    .select()
    .from(approvalDevices)
    .where(and(eq(approvalDevices.secretDigest, secretDigest), isNull(approvalDevices.removedAt)))
  return row
}

/** Saves where Web Push reaches a device. The browser may have been another device's before, which gets no more. */
export async function saveSubscription(tx: Queryable, id: string, subscription: PushSubscription) {
  const same = sql`${approvalDevices.subscription}->>'endpoint' = ${subscription.endpoint}`
  await tx.update(approvalDevices).set({ subscription: null }).where(same)
  await tx.update(approvalDevices).set({ subscription }).where(eq(approvalDevices.id, id))
}

export async function noteDeviceUse(tx: Queryable, id: string, now: number) {
  await tx.update(approvalDevices).set({ lastUsedAt: now }).where(eq(approvalDevices.id, id))
}

/**
 * Stores the time in an inquiry of a device. Returns false if that inquiry, or one with a later time, was used before:
 * of several concurrent callers only the first gets true.
 */
export async function noteInquiry(tx: Queryable, id: string, inquiredAt: number): Promise<boolean> {
  const isNewer = or(isNull(approvalDevices.inquiredAt), lt(approvalDevices.inquiredAt, inquiredAt))
  const noted = await tx
    .update(approvalDevices)
    .set({ inquiredAt })
    .where(and(eq(approvalDevices.id, id), isNewer))
  return noted.count > 0
}

/** Removes a subscription, unless the device has another one by now. */
export async function forgetSubscription(tx: Queryable, id: string, endpoint: string) {
  const same = sql`${approvalDevices.subscription}->>'endpoint' = ${endpoint}`
  await tx
    .update(approvalDevices)
    .set({ subscription: null })
    .where(and(eq(approvalDevices.id, id), same))
}

/** Returns false if a device with the same key exists. */
export async function insertDevice(tx: Queryable, row: typeof approvalDevices.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(approvalDevices).values(row).onConflictDoNothing().returning({ id: approvalDevices.id })
  return rows.length > 0
}

const own = (cardholderId: string, id: string) =>
  and(eq(approvalDevices.id, id), eq(approvalDevices.cardholderId, cardholderId), isNull(approvalDevices.removedAt))

async function changeDevice(
  tx: Queryable,
  cardholderId: string,
  id: string,
  set: Partial<typeof approvalDevices.$inferInsert>,
) {
  const [row] = await tx
    .update(approvalDevices)
    .set(set)
    .where(own(cardholderId, id))
    .returning({ name: approvalDevices.name })
  return row
}

export async function renameDevice(tx: Queryable, cardholderId: string, id: string, name: string): Promise<boolean> {
  return (await changeDevice(tx, cardholderId, id, { name })) !== undefined
}

/** Removes a device. Returns its name, or undefined if there was none. */
export async function removeDevice(tx: Queryable, cardholderId: string, id: string, now: number) {
  return changeDevice(tx, cardholderId, id, { removedAt: now })
}

/** Removes the device of a browser that registers again, and returns which it was. */
export async function removeDeviceBySecret(tx: Queryable, secretDigest: Buffer, now: number) {
  const [row] = await tx
    .update(approvalDevices)
    .set({ removedAt: now, subscription: null })
    .where(and(eq(approvalDevices.secretDigest, secretDigest), isNull(approvalDevices.removedAt)))
    .returning({ id: approvalDevices.id, cardholderId: approvalDevices.cardholderId, name: approvalDevices.name })
  return row
}

/** Removes the devices that sign with a passkey, and returns their ids. */
export async function removeDevicesOfPasskey(tx: Queryable, passkeyId: string, now: number): Promise<string[]> {
  const rows = await tx
    .update(approvalDevices)
    .set({ removedAt: now })
    .where(and(eq(approvalDevices.passkeyId, passkeyId), isNull(approvalDevices.removedAt)))
    .returning({ id: approvalDevices.id })
  return rows.map(({ id }) => id)
}

/**
 * Removes a cardholder's devices (with `since`, only those added from then on) and the unused pairing code. Returns the
 * number of devices.
 */
export async function removeDevices(tx: Queryable, cardholderId: string, now: number, since?: number): Promise<number> {
  const added = since === undefined ? undefined : gte(approvalDevices.createdAt, since)
  const removed = await tx
    .update(approvalDevices)
    .set({ removedAt: now })
    .where(and(eq(approvalDevices.cardholderId, cardholderId), isNull(approvalDevices.removedAt), added))
  await tx.delete(pairingCodes).where(eq(pairingCodes.cardholderId, cardholderId))
  return removed.count
}

export async function replacePairingCode(tx: Queryable, row: typeof pairingCodes.$inferInsert) {
  const { cardholderId: _, ...set } = row
  await tx.insert(pairingCodes).values(row).onConflictDoUpdate({ target: pairingCodes.cardholderId, set })
}

/** The pairing code that was made in a session, if it has not expired. */
export async function findPairingCode(cardholderId: string, sessionId: string, now: number) {
  const [row] = await database()
    .select()
    .from(pairingCodes)
    .where(
      and(
        eq(pairingCodes.cardholderId, cardholderId),
        eq(pairingCodes.sessionId, sessionId),
        gt(pairingCodes.expiresAt, now),
      ),
    )
  return row
}

/** The cardholder of a pairing code that has not expired and whose session has not ended. */
export async function ownerOfPairingCode(tx: Queryable, hmacs: Buffer[], now: number): Promise<string | undefined> {
  const [row] = await tx
    .select({ cardholderId: pairingCodes.cardholderId })
    .from(pairingCodes)
    .innerJoin(sessions, eq(sessions.id, pairingCodes.sessionId))
    .where(and(inArray(pairingCodes.hmac, hmacs), gt(pairingCodes.expiresAt, now), isNull(sessions.endedAt)))
  return row?.cardholderId
}

/** Deletes a pairing code. Of several concurrent callers only the first gets true. */
export async function takePairingCode(tx: Queryable, hmacs: Buffer[]): Promise<boolean> {
  const rows = await tx
    .delete(pairingCodes)
    .where(inArray(pairingCodes.hmac, hmacs))
    .returning({ cardholderId: pairingCodes.cardholderId })
  return rows.length > 0
}

export function purgePairingCodes(now: number, most: number): Promise<number> {
  return deleteSome(pairingCodes, lte(pairingCodes.expiresAt, now), pairingCodes.expiresAt, most)
}
