import { and, eq, sql } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { keyFingerprints } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'

export type KeyFingerprint = typeof keyFingerprints.$inferSelect

export function allFingerprints(): Promise<KeyFingerprint[]> {
  return database().select().from(keyFingerprints).orderBy(keyFingerprints.purpose, keyFingerprints.keyId)
}

/** Registers keys that are seen for the first time; of two processes that start at once, the first wins. */
export async function registerFingerprints(rows: readonly (typeof keyFingerprints.$inferInsert)[]) {
  if (rows.length > 0)
    await database()
      .insert(keyFingerprints)
      .values([...rows])
      .onConflictDoNothing()
}

/** Says since when a key is of no use, or with null that it is of use again. A time once said stays. */
export async function setDisused(purpose: string, keyId: number, at: number | null) {
  await database()
    .update(keyFingerprints)
    .set({ disusedAt: at === null ? null : sql`coalesce(${keyFingerprints.disusedAt}, ${toTimestamp(at)})` })
    .where(and(eq(keyFingerprints.purpose, purpose), eq(keyFingerprints.keyId, keyId)))
}

export async function deleteFingerprint(tx: Queryable, purpose: string, keyId: number): Promise<number> {
  const gone = await tx
    .delete(keyFingerprints)
    .where(and(eq(keyFingerprints.purpose, purpose), eq(keyFingerprints.keyId, keyId)))
    .returning()
  return gone.length
}
