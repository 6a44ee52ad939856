import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { cardholders, cards, contacts, proofFacts } from '../schema.ts'

// The queries by which the import of the issuer's list reads and writes, in batches.

/**
 * Permits only one import at a time, because two would race for the same cardholders. Held until the transaction ends.
 */
export async function holdImportLock(tx: Queryable) {
  await tx.execute(sql`select pg_advisory_xact_lock(7317332)`)
}

export function cardholdersByRef(tx: Queryable, issuerRefs: string[]) {
  return tx.select().from(cardholders).where(inArray(cardholders.issuerRef, issuerRefs))
}

export async function upsertCardholders(tx: Queryable, rows: (typeof cardholders.$inferInsert)[]) {
  if (rows.length === 0) return
  await tx
    .insert(cardholders)
    .values(rows)
    .onConflictDoUpdate({
      target: cardholders.id,
      set: {
        names: sql`excluded.names`,
        language: sql`excluded.language`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
}

export function cardsByHmac(tx: Queryable, hmacs: Buffer[]) {
  return tx.select().from(cards).where(inArray(cards.numberHmac, hmacs))
}

export async function upsertCards(tx: Queryable, rows: (typeof cards.$inferInsert)[]) {
  if (rows.length === 0) return
  await tx
    .insert(cards)
    .values(rows)
    .onConflictDoUpdate({
      target: cards.id,
      set: {
        cardholderId: sql`excluded.cardholder_id`,
        numberHmac: sql`excluded.number_hmac`,
        numberKeyId: sql`excluded.number_key_id`,
        status: sql`excluded.status`,
        expiresAt: sql`excluded.expires_at`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
}

/** All contacts that these cardholders have or had, newest first. */
export function contactsOf(tx: Queryable, cardholderIds: string[]) {
  return tx
    .select()
    .from(contacts)
    .where(inArray(contacts.cardholderId, cardholderIds))
    .orderBy(desc(contacts.effectiveAt))
}

/** Ends every contact of a kind, from the issuer or the cardholder, because the issuer's list has a newer one. */
export async function endContacts(tx: Queryable, cardholderId: string, kind: 'email' | 'mobile', at: number) {
  await tx
    .update(contacts)
    .set({ endedAt: at })
    .where(and(eq(contacts.cardholderId, cardholderId), eq(contacts.kind, kind), isNull(contacts.endedAt)))
}

export async function insertContacts(tx: Queryable, rows: (typeof contacts.$inferInsert)[]) {
  if (rows.length > 0) await tx.insert(contacts).values(rows)
}

export async function upsertProofFacts(tx: Queryable, rows: (typeof proofFacts.$inferInsert)[]) {
  if (rows.length === 0) return
  await tx
    .insert(proofFacts)
    .values(rows)
    .onConflictDoUpdate({
      target: [proofFacts.cardholderId, proofFacts.kind],
      set: { hmac: sql`excluded.hmac`, keyId: sql`excluded.key_id` },
    })
}
