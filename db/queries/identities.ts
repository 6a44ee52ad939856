import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { cardholders, identities } from '../schema.ts'
import { languageSpoken } from './preferences.ts'

/** The cardholder of a subject, with language and the issuer's id, and since when they are linked. */
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

/** Links a subject to a cardholder. Returns false if either is already linked. */
export async function linkIdentity(tx: Queryable, row: typeof identities.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(identities).values(row).onConflictDoNothing().returning({ id: identities.cardholderId })
  return rows.length > 0
}

/**
 * Replaces links by those of the issuer's list, which takes precedence over existing ones. In `rows` all links have the
 * same `issuer`, and each subject and each cardholder occurs once. Returns the cardholders who had a different subject
 * before.
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
