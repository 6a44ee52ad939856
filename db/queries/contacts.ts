import { and, desc, eq, gt, isNotNull, isNull, lte, ne, or } from 'drizzle-orm'
import type { Language } from '#domain/kernel/language.ts'
import type { Queryable } from '../client.ts'
import { cardholders, cards, contacts } from '../schema.ts'
import { languageSpoken } from './preferences.ts'
import { type OpenReport, openReportColumns } from './reports.ts'

/** An effective contact; at most one of each kind. */
export interface EffectiveContact {
  readonly kind: 'email' | 'mobile'
  /** Encrypted, bound to cardholder and kind. */
  readonly value: string
  readonly effectiveAt: number
  readonly source: 'issuer' | 'cardholder'
  /** When it was registered in the window of a purchase, if it has not been confirmed since. */
  readonly provisionalSince: number | null
}

export interface Owner extends OpenReport {
  readonly cardholderId: string
  readonly language: Language
}

const isEffective = (cardholderId: string, at: number) =>
  and(
    eq(contacts.cardholderId, cardholderId),
    lte(contacts.effectiveAt, at),
    or(isNull(contacts.endedAt), gt(contacts.endedAt, at)),
  )

/**
 * The effective contacts of a cardholder: of each kind the one that became effective last. A frozen contact hides
 * earlier ones, so that no contact of its kind gets codes.
 */
export async function effectiveContacts(tx: Queryable, cardholderId: string, now: number): Promise<EffectiveContact[]> {
  const latest = await latestContacts(tx, cardholderId, now)
  return latest.filter(({ frozenAt }) => frozenAt === null)
}

/** The same with frozen ones, to be shown to the cardholder. */
export function latestContacts(tx: Queryable, cardholderId: string, now: number) {
  return tx
    .selectDistinctOn([contacts.kind])
    .from(contacts)
    .where(isEffective(cardholderId, now))
    .orderBy(contacts.kind, desc(contacts.effectiveAt))
}

export type ContactRow = typeof contacts.$inferSelect

export async function insertContact(tx: Queryable, row: typeof contacts.$inferInsert) {
  await tx.insert(contacts).values(row)
}

/** Ends one contact. If it is not effective yet, it never will be. */
export async function endContact(tx: Queryable, id: string, now: number) {
  await tx.update(contacts).set({ endedAt: now }).where(eq(contacts.id, id))
}

/** Freezes the effective contact and ends those before it. Pending ones remain. */
export async function freezeContact(tx: Queryable, { id, cardholderId, kind }: ContactRow, now: number) {
  const at = now
  await tx.update(contacts).set({ frozenAt: at }).where(eq(contacts.id, id))
  await tx
    .update(contacts)
    .set({ endedAt: at })
    .where(and(isEffective(cardholderId, at), eq(contacts.kind, kind), ne(contacts.id, id)))
}

const frozen = (cardholderId: string) =>
  and(eq(contacts.cardholderId, cardholderId), isNotNull(contacts.frozenAt), isNull(contacts.endedAt))

/** Unfreezes contacts after the cardholder has said that they are theirs. Ended contacts stay ended. */
export async function unfreezeContacts(tx: Queryable, cardholderId: string) {
  await tx.update(contacts).set({ frozenAt: null }).where(frozen(cardholderId))
}

/** Ends frozen contacts that were not the cardholder's, so that no later "it was me" unfreezes them. */
export async function endFrozenContacts(tx: Queryable, cardholderId: string, at: number) {
  await tx.update(contacts).set({ endedAt: at }).where(frozen(cardholderId))
}

/** The cardholder of a card, with their language and open report. */
export async function ownerOf(tx: Queryable, cardId: string): Promise<Owner> {
  const [owner] = await tx
    .select({
      cardholderId: cardholders.id,
      language: languageSpoken,
      ...openReportColumns,
    })
    .from(cards)
    .innerJoin(cardholders, eq(cardholders.id, cards.cardholderId))
    .where(eq(cards.id, cardId))
  if (!owner) throw new Error('a card without its holder')
  return owner
}
