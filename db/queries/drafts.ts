import { and, eq, gt, lte, sql } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { drafts } from '../schema.ts'

export async function writeDraft(row: typeof drafts.$inferInsert) {
  await database()
    .insert(drafts)
    .values(row)
    .onConflictDoUpdate({
      target: [drafts.visit, drafts.form],
      set: { body: sql`excluded.body`, expiresAt: sql`excluded.expires_at` },
    })
}

export async function findDraft(visit: Buffer, form: string, now: Date) {
  const [row] = await database()
    .select()
    .from(drafts)
    .where(and(eq(drafts.visit, visit), eq(drafts.form, form), gt(drafts.expiresAt, now)))
  return row
}

export async function removeDraft(visit: Buffer, form: string) {
  await database()
    .delete(drafts)
    .where(and(eq(drafts.visit, visit), eq(drafts.form, form)))
}

export async function purgeDrafts(tx: Queryable, now: Date) {
  await tx.delete(drafts).where(lte(drafts.expiresAt, now))
}
