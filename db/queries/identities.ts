import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { cardholders, identities } from '../schema.ts'
import { languageSpoken } from './preferences.ts'

/** Whose a subject is, with language and the issuer's own id, and since when. */
export async function cardholderBySubject(tx: Queryable, issuer: string, subject: string) {
  const [row] = await tx
    .select({
      ...{ id: cardholders.id, issuerRef: cardholders.issuerRef, language: languageSpoken },
      linkedAt: identities.linkedAt,
    })
    .from(identities)
    .innerJoin(cardholders, eq(cardholders.id, identities.cardholderId))
    .where(and(eq(identities.issuer, issuer), eq(identities.subject, subject)))
  return row
}

export async function cardholderByRef(tx: Queryable, issuerRef: string) {
  const [row] = await tx
    .select({ id: cardholders.id, issuerRef: cardholders.issuerRef, language: languageSpoken })
    .from(cardholders)
    .where(eq(cardholders.issuerRef, issuerRef))
  return row
}

/** Links a subject to a cardholder who has none yet; false when either belongs to another cardholder already. */
export async function linkIdentity(tx: Queryable, row: typeof identities.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(identities).values(row).onConflictDoNothing().returning({ id: identities.cardholderId })
  return rows.length > 0
}

/**
 * What the issuer's list says counts, whatever was linked before: each subject and each cardholder once in `rows`, of one issuer.
 * Answers the cardholders who had another subject until now.
 */
export async function replaceIdentities(tx: Queryable, rows: (typeof identities.$inferInsert)[]): Promise<string[]> {
  const [first] = rows
  if (!first) return []
  const subjects = new Map(rows.map(({ subject, cardholderId }) => [subject, cardholderId]))
  const concerned = or(
    inArray(identities.cardholderId, [...subjects.values()]),
    inArray(identities.subject, [...subjects.keys()]),
  )
  const before = await tx
    .select()
    .from(identities)
    .where(and(eq(identities.issuer, first.issuer), concerned))
  const lost = before.filter(({ subject, cardholderId }) => subjects.get(subject) !== cardholderId)
  const taken = inArray(
    identities.subject,
    lost.map(({ subject }) => subject),
  )
  await tx.delete(identities).where(and(eq(identities.issuer, first.issuer), taken))
  const added = rows.filter(
    row => !before.some(({ subject, cardholderId }) => subject === row.subject && cardholderId === row.cardholderId),
  )
  if (added.length > 0) {
    await tx
      .insert(identities)
      .values(added)
      .onConflictDoUpdate({
        target: [identities.issuer, identities.subject],
        set: { cardholderId: sql`excluded.cardholder_id`, linkedAt: sql`excluded.linked_at` },
      })
  }
  return lost.map(({ cardholderId }) => cardholderId)
}
