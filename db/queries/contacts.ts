import { and, desc, eq, gt, isNotNull, isNull, lte, ne, or } from 'drizzle-orm'
import type { Language } from '#domain/kernel/language.ts'
import type { Queryable } from '../client.ts'
import { cardholders, cards, contacts } from '../schema.ts'
import { languageSpoken } from './preferences.ts'
import { type OpenReport, openReportColumns } from './reports.ts'

/** A effective contact; one of each kind at most. */
export interface EffectiveContact {
  readonly kind: 'email' | 'mobile'
  /** Encrypted for cardholder and kind. */
  readonly value: string
  readonly effectiveAt: number
  readonly source: 'issuer' | 'cardholder'
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
 * The contacts of a cardholder effective at this moment: of each kind the one that took effect last. A frozen one hides what was
 * before it, so that nothing gets codes there.
 */
export async function effectiveContacts(tx: Queryable, cardholderId: string, now: number): Promise<EffectiveContact[]> {
  const latest = await latestContacts(tx, cardholderId, now)
  return latest.filter(({ frozenAt }) => frozenAt === null)
}

/** The same with frozen ones, for their owner's eyes. */
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

/** Ends one contact: what has not taken effect never does. */
export async function endContact(tx: Queryable, id: string, now: number) {
  await tx.update(contacts).set({ endedAt: now }).where(eq(contacts.id, id))
}

/** Nothing goes to the effective contact any more, nor to any before it. Pending ones are left. */
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

/** Its owner has said that it is theirs after all. What has ended stays so. */
export async function thawContacts(tx: Queryable, cardholderId: string) {
  await tx.update(contacts).set({ frozenAt: null }).where(frozen(cardholderId))
}

/** What was not thawed was not the owner's: no later "it was me" is about it. */
export async function endFrozenContacts(tx: Queryable, cardholderId: string, at: number) {
  await tx.update(contacts).set({ endedAt: at }).where(frozen(cardholderId))
}

/** Whose card it is, and how they are spoken to. */
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
