import { and, eq, gte, sql } from 'drizzle-orm'
import type { Language } from '#domain/kernel/language.ts'
import type { Queryable } from '../client.ts'
import { accounts, cardBrowsers, cardholders, preferences } from '../schema.ts'

/**
 * The language of a cardholder: their own choice, otherwise that of the issuer's list, which an import may change. For
 * queries that include the table `cardholders`.
 */
export const languageSpoken = sql<Language>`coalesce(
  (select chosen.language from preferences chosen where chosen.cardholder_id = cardholders.id), cardholders.language)`

export async function preferencesOf(tx: Queryable, cardholderId: string) {
  const [row] = await tx.select().from(preferences).where(eq(preferences.cardholderId, cardholderId))
  return row
}

/**
 * What decides how a cardholder is asked about a payment: their preferences, whether they have an account, and the
 * method by which they last succeeded in this browser.
 */
export async function preferencesForPayment(
  tx: Queryable,
  { cardId, cardholderId, deviceDigest }: { cardId: string; cardholderId: string; deviceDigest: Buffer | null },
) {
  const { language, preferredMethod } = preferences
  const [row] = await tx
    .select({
      ...{ language, preferredMethod, remembered: cardBrowsers.method },
      isEnrolled: sql<boolean>`${accounts.cardholderId} is not null`,
    })
    .from(cardholders)
    .leftJoin(preferences, eq(preferences.cardholderId, cardholders.id))
    .leftJoin(accounts, eq(accounts.cardholderId, cardholders.id))
    .leftJoin(
      cardBrowsers,
      and(eq(cardBrowsers.cardId, cardId), eq(cardBrowsers.deviceDigest, deviceDigest ?? Buffer.alloc(0))),
    )
    .where(eq(cardholders.id, cardholderId))
  return row
}

/** Resets the preferred method to none if the preferences were changed since `since`, in any session. */
export async function resetPreferredMethod(tx: Queryable, cardholderId: string, since: number) {
  await tx
    .update(preferences)
    .set({ preferredMethod: null })
    .where(and(eq(preferences.cardholderId, cardholderId), gte(preferences.updatedAt, since)))
}

/** Saves the given columns and leaves the others unchanged. */
export async function savePreferences(tx: Queryable, row: typeof preferences.$inferInsert) {
  const { cardholderId: _, ...set } = row
  await tx.insert(preferences).values(row).onConflictDoUpdate({ target: preferences.cardholderId, set })
}
