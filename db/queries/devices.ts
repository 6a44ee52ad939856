import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { MethodId } from '#domain/methods/registry.ts'
import { database, type Queryable } from '../client.ts'
import { cardBrowsers, methodResults } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'
import { deleteSome } from './delete-some.ts'

/** Stores a 3DS Method result. Returns false if this transaction already has one. */
export async function insertMethodResult(row: typeof methodResults.$inferInsert): Promise<boolean> {
  const written = await database()
    .insert(methodResults)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: methodResults.threeDSServerTransID })
  return written.length === 1
}

/** Adds the time zone, which the browser's script reports later. Only the first report is stored. */
export async function addTimeZone(threeDSServerTransID: string, timeZone: string): Promise<void> {
  await database()
    .update(methodResults)
    .set({ timeZone })
    .where(and(eq(methodResults.threeDSServerTransID, threeDSServerTransID), isNull(methodResults.timeZone)))
}

type Browser = Pick<typeof cardBrowsers.$inferSelect, 'cardId' | 'deviceDigest'>

/** Remembers a browser in which the cardholder succeeded, and by which method. */
export async function rememberBrowser(tx: Queryable, browser: Browser, method: MethodId, now: number): Promise<void> {
  await tx
    .insert(cardBrowsers)
    .values({ ...browser, method, seenAt: now, firstSeenAt: now })
    .onConflictDoUpdate({ target: [cardBrowsers.cardId, cardBrowsers.deviceDigest], set: { method, seenAt: now } })
}

/** Remembers the method if the browser is one in which the cardholder has succeeded. */
export async function rememberMethod(tx: Queryable, browser: Browser, method: MethodId): Promise<void> {
  await tx.update(cardBrowsers).set({ method }).where(isBrowser(browser))
}

function isBrowser({ cardId, deviceDigest }: Browser) {
  return and(eq(cardBrowsers.cardId, cardId), eq(cardBrowsers.deviceDigest, deviceDigest))
}

const firstSeen = sql`coalesce(${cardBrowsers.firstSeenAt}, ${cardBrowsers.seenAt})`

/** Forgets the browsers of a card, or only those in which the cardholder first succeeded after `since`. */
export async function forgetDevices(tx: Queryable, cardId: string, since?: number): Promise<void> {
  const recent = since === undefined ? undefined : sql`${firstSeen} > ${toTimestamp(since)}`
  await tx.delete(cardBrowsers).where(and(eq(cardBrowsers.cardId, cardId), recent))
}

/** Whether the cardholder has succeeded in this browser after `seenAfter`, and for the first time before `firstBefore`. */
export async function isCardBrowser(
  tx: Queryable,
  cardId: string,
  deviceDigest: Buffer,
  { seenAfter, firstBefore }: { readonly seenAfter: number; readonly firstBefore: number },
): Promise<boolean> {
  const found = await tx
    .select({ seenAt: cardBrowsers.seenAt })
    .from(cardBrowsers)
    .where(
      and(
        eq(cardBrowsers.cardId, cardId),
        eq(cardBrowsers.deviceDigest, deviceDigest),
        gt(cardBrowsers.seenAt, seenAfter),
        sql`${firstSeen} <= ${toTimestamp(firstBefore)}`,
      ),
    )
  return found.length > 0
}

/** Deletes up to `most` results that are too old for any AReq. Returns how many. */
export function purgeMethodResults(before: number, most: number): Promise<number> {
  return deleteSome(methodResults, lt(methodResults.createdAt, before), methodResults.createdAt, most)
}

/** The same for browsers of cards. */
export function purgeCardBrowsers(before: number, most: number): Promise<number> {
  return deleteSome(cardBrowsers, lt(cardBrowsers.seenAt, before), cardBrowsers.seenAt, most)
}
