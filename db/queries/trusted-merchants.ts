import { and, desc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { cards, challenges, type MerchantIdentity, trustedMerchants } from '../schema.ts'

export type TrustedMerchantRow = typeof trustedMerchants.$inferSelect

/** The row by which a cardholder trusts a merchant now. */
const isTrusted = (cardholderId: string, { directoryServer, acquirerBIN, acquirerMerchantID }: MerchantIdentity) =>
  and(
    eq(trustedMerchants.cardholderId, cardholderId),
    eq(trustedMerchants.directoryServer, directoryServer),
    eq(trustedMerchants.acquirerBIN, acquirerBIN),
    eq(trustedMerchants.acquirerMerchantID, acquirerMerchantID),
    isNull(trustedMerchants.removedAt),
  )

export async function trustsMerchant(
  tx: Queryable,
  cardholderId: string,
  merchant: MerchantIdentity,
): Promise<boolean> {
  const rows = await tx
    .select({ id: trustedMerchants.id })
    .from(trustedMerchants)
    .where(isTrusted(cardholderId, merchant))
  return rows.length > 0
}

/**
 * Returns whether the merchant was not trusted before. Of two concurrent windows only one gets true, and sends a
 * notice.
 */
export async function insertTrustedMerchant(
  tx: Queryable,
  row: typeof trustedMerchants.$inferInsert,
): Promise<boolean> {
  const rows = await tx
    .insert(trustedMerchants)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: trustedMerchants.id })
  return rows.length > 0
}

/** The currently trusted merchants, the newest first. */
export function trustedMerchantsOf(tx: Queryable, cardholderId: string): Promise<TrustedMerchantRow[]> {
  return tx
    .select()
    .from(trustedMerchants)
    .where(and(eq(trustedMerchants.cardholderId, cardholderId), isNull(trustedMerchants.removedAt)))
    .orderBy(desc(trustedMerchants.trustedAt))
}

/** Removes a trusted merchant. Returns whether the cardholder had it. */
export async function removeTrustedMerchant(
  tx: Queryable,
  cardholderId: string,
  id: string,
  at: number,
): Promise<boolean> {
  const rows = await tx
    .update(trustedMerchants)
    .set({ removedAt: at })
    .where(
      and(
        eq(trustedMerchants.id, id),
        eq(trustedMerchants.cardholderId, cardholderId),
        isNull(trustedMerchants.removedAt),
      ),
    )
    .returning({ id: trustedMerchants.id })
  return rows.length > 0
}

/** Removes merchants that became trusted from `since` on, and `merchant` regardless of its age. Returns how many. */
export async function removeTrustedSince(
  tx: Queryable,
  cardholderId: string,
  since: number,
  at: number,
  merchant?: MerchantIdentity,
): Promise<number> {
  const removed = await tx
    .update(trustedMerchants)
    .set({ removedAt: at })
    .where(
      and(
        eq(trustedMerchants.cardholderId, cardholderId),
        or(gte(trustedMerchants.trustedAt, since), merchant && isTrusted(cardholderId, merchant)),
        isNull(trustedMerchants.removedAt),
      ),
    )
  return removed.count
}

/** Payments since a time that the cardholder proved and whose AReq identified the merchant, the newest first. */
export function provenPayments(tx: Queryable, cardholderId: string, since: number, most: number) {
  return tx
    .select({
      id: challenges.acsTransID,
      directoryServer: challenges.directoryServer,
      purchase: challenges.purchase,
      endedAt: challenges.endedAt,
    })
    .from(challenges)
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(proven(cardholderId, since))
    .orderBy(desc(challenges.endedAt))
    .limit(most)
}

/** One such payment. */
export async function provenPayment(tx: Queryable, cardholderId: string, since: number, acsTransID: string) {
  const [row] = await tx
    .select({ directoryServer: challenges.directoryServer, purchase: challenges.purchase, cardId: challenges.cardId })
    .from(challenges)
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(and(proven(cardholderId, since), eq(challenges.acsTransID, acsTransID)))
  return row
}

const proven = (cardholderId: string, since: number) =>
  and(
    eq(cards.cardholderId, cardholderId),
    inArray(challenges.outcome, ['authenticated', 'approved']),
    gte(challenges.endedAt, since),
    eq(challenges.messageCategory, '01'),
    sql`${challenges.purchase} ? 'acquirerBIN'`,
  )
