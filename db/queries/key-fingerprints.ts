import { and, eq, sql } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { keyFingerprints } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'

export type KeyFingerprint = typeof keyFingerprints.$inferSelect

export function allFingerprints(): Promise<KeyFingerprint[]> {
  return database().select().from(keyFingerprints).orderBy(keyFingerprints.purpose, keyFingerprints.keyId)
}

/** Registers keys that are used for the first time. Of two processes that start at the same time, the first wins. */
export async function registerFingerprints(rows: readonly (typeof keyFingerprints.$inferInsert)[]) {
  if (rows.length > 0)
    await database()
      .insert(keyFingerprints)
      .values([...rows])
      .onConflictDoNothing()
}

/** Records since when a key has been disused; null: it is used again. An existing time is not changed. */
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
