import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { identityReports } from '../schema.ts'

export async function insertIdentityReports(tx: Queryable, rows: (typeof identityReports.$inferInsert)[]) {
  await tx.insert(identityReports).values(rows)
}

/** The identity event that a link or code is for, if it has not expired. */
export async function findIdentityReport(digests: readonly Buffer[], now: number) {
  const [row] = await database()
    .select()
    .from(identityReports)
    .where(and(inArray(identityReports.digest, [...digests]), gt(identityReports.expiresAt, now)))
  return row
}

/**
 * Marks a link or code, and the other one of the same notice, as used. Of several concurrent callers only the first
 * gets the row.
 */
export async function spendIdentityReport(tx: Queryable, digests: readonly Buffer[], now: number) {
  const good = and(
    inArray(identityReports.digest, [...digests]),
    isNull(identityReports.usedAt),
    gt(identityReports.expiresAt, now),
  )
  const [row] = await tx.update(identityReports).set({ usedAt: now }).where(good).returning()
  if (!row) return undefined
  const sameNotice = and(
    eq(identityReports.cardholderId, row.cardholderId),
    eq(identityReports.event, row.event),
    eq(identityReports.happenedAt, row.happenedAt),
  )
  await tx.update(identityReports).set({ usedAt: now }).where(sameNotice)
  return row
}
