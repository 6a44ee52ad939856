import { and, eq, gt, lte, sql } from 'drizzle-orm'
import { database } from '../client.ts'
import { drafts } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

export async function writeDraft(row: typeof drafts.$inferInsert) {
  await database()
    .insert(drafts)
    .values(row)
    .onConflictDoUpdate({
      target: [drafts.visit, drafts.form],
      set: { body: sql`excluded.body`, expiresAt: sql`excluded.expires_at` },
    })
}

export async function findDraft(visit: Buffer, form: string, now: number) {
  const [row] = await database()
    .select()
    .from(drafts)
    .where(and(eq(drafts.visit, visit), eq(drafts.form, form), gt(drafts.expiresAt, now)))
  return row
}

/** Returns a draft and deletes it. Of several concurrent callers only one gets it. */
export async function takeDraft(visit: Buffer, form: string, now: number) {
  const [row] = await database()
    .delete(drafts)
    .where(and(eq(drafts.visit, visit), eq(drafts.form, form), gt(drafts.expiresAt, now)))
    .returning()
  return row
}

/** Returns a draft, and lets it expire `time` milliseconds after it was returned first, if not before. */
export async function findDraftFor(visit: Buffer, form: string, now: number, time: number) {
  const [row] = await database()
    .update(drafts)
    .set({ expiresAt: sql`least(${drafts.expiresAt}, ${sql.param(now + time, drafts.expiresAt)})` })
    .where(and(eq(drafts.visit, visit), eq(drafts.form, form), gt(drafts.expiresAt, now)))
    .returning()
  return row
}

export async function removeDraft(visit: Buffer, form: string) {
  await database()
    .delete(drafts)
    .where(and(eq(drafts.visit, visit), eq(drafts.form, form)))
}

export function purgeDrafts(now: number, most: number): Promise<number> {
  return deleteSome(drafts, lte(drafts.expiresAt, now), drafts.expiresAt, most)
}
