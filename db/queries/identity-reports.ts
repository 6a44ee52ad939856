import { and, eq, gt, isNull } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { identityReports } from '../schema.ts'

export async function insertIdentityReport(tx: Queryable, row: typeof identityReports.$inferInsert) {
  await tx.insert(identityReports).values(row)
}

/** What a link is about, while it is good. */
export async function findIdentityReport(digest: Buffer, now: Date) {
  const [row] = await database()
    .select()
    .from(identityReports)
    .where(and(eq(identityReports.digest, digest), gt(identityReports.expiresAt, now)))
  return row
}

/** Uses a link up: whoever is first has it, everybody else nothing. */
export async function spendIdentityReport(tx: Queryable, digest: Buffer, now: Date) {
  const good = and(
    eq(identityReports.digest, digest),
    isNull(identityReports.usedAt),
    gt(identityReports.expiresAt, now),
  )
  const [row] = await tx.update(identityReports).set({ usedAt: now }).where(good).returning()
  return row
}
