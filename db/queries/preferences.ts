import { and, eq, gte, sql } from 'drizzle-orm'
import type { Language } from '#domain/kernel/language.ts'
import type { Queryable } from '../client.ts'
import { preferences } from '../schema.ts'

/**
 * The language in which a cardholder is written to: their own choice, or else the issuer's list's, which an import may change.
 * For queries of which `cardholders` is a part.
 */
export const languageSpoken = sql<Language>`coalesce(
  (select chosen.language from preferences chosen where chosen.cardholder_id = cardholders.id), cardholders.language)`

export async function preferencesOf(tx: Queryable, cardholderId: string) {
  const [row] = await tx.select().from(preferences).where(eq(preferences.cardholderId, cardholderId))
  return row
}

/** Payments are asked about by a code again, if something was chosen since, in any session. */
export async function resetAsked(tx: Queryable, cardholderId: string, since: number) {
  await tx
    .update(preferences)
    .set({ asked: null })
    .where(and(eq(preferences.cardholderId, cardholderId), gte(preferences.updatedAt, since)))
}

/** Writes what is named; the rest stays as it is. */
export async function savePreferences(tx: Queryable, row: typeof preferences.$inferInsert) {
  const { cardholderId: _, ...set } = row
  await tx.insert(preferences).values(row).onConflictDoUpdate({ target: preferences.cardholderId, set })
}
