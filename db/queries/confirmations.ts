import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { ConfirmationPurpose } from '#domain/account/confirmation.ts'
import { database, type Queryable } from '../client.ts'
import { confirmations } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

export type ConfirmationRow = typeof confirmations.$inferSelect
type Insert = typeof confirmations.$inferInsert

const which = (visit: Buffer, purpose: ConfirmationPurpose) =>
  and(eq(confirmations.visit, visit), eq(confirmations.purpose, purpose))

/** Begins a confirmation. It replaces the previous one of the same browser and purpose. */
export async function replaceConfirmation(tx: Queryable, row: Insert) {
  const { visit: _, purpose: __, ...set } = row
  await tx
    .insert(confirmations)
    .values(row)
    .onConflictDoUpdate({ target: [confirmations.visit, confirmations.purpose], set })
}

export async function findConfirmation(visit: Buffer, purpose: ConfirmationPurpose, now: number) {
  const [row] = await database()
    .select()
    .from(confirmations)
    .where(and(which(visit, purpose), gt(confirmations.expiresAt, now)))
  return row
}

/** Counts an attempt before the code is compared. The row stays locked, so a burst of codes is handled one by one. */
export async function countConfirmationAttempt(
  tx: Queryable,
  visit: Buffer,
  purpose: ConfirmationPurpose,
  now: number,
): Promise<ConfirmationRow | undefined> {
  const [row] = await tx
    .update(confirmations)
    .set({ attempts: sql`least(${confirmations.attempts} + 1, 1000)` })
    .where(and(which(visit, purpose), gt(confirmations.expiresAt, now)))
    .returning()
  return row
}

export async function lockConfirmation(tx: Queryable, visit: Buffer, purpose: ConfirmationPurpose, now: number) {
  const [row] = await tx
    .select()
    .from(confirmations)
    .where(and(which(visit, purpose), gt(confirmations.expiresAt, now)))
    .for('update')
  return row
}

export async function updateConfirmation(tx: Queryable, row: ConfirmationRow, change: Partial<Insert>) {
  await tx.update(confirmations).set(change).where(which(row.visit, row.purpose))
}

export async function removeConfirmation(tx: Queryable, visit: Buffer, purpose: ConfirmationPurpose) {
  await tx.delete(confirmations).where(which(visit, purpose))
}

export function purgeConfirmations(now: number, most: number): Promise<number> {
  return deleteSome(confirmations, lte(confirmations.expiresAt, now), confirmations.expiresAt, most)
}
