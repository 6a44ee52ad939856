import { and, desc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import type { Language } from '#domain/challenge/machine.ts'
import type { Queryable } from '../client.ts'
import { cardholders, cards, contacts } from '../schema.ts'

/** A contact in force; one of each kind at most. */
export interface ContactInForce {
  readonly kind: 'email' | 'mobile'
  /** Sealed for cardholder and kind. */
  readonly value: string
}

export interface Destinations {
  readonly cardholderId: string
  readonly language: Language
  readonly contacts: readonly ContactInForce[]
}

/** The contacts of a cardholder in force at this moment: of each kind the one that took effect last. */
export function contactsInForce(tx: Queryable, cardholderId: string, now: number): Promise<ContactInForce[]> {
  const at = new Date(now)
  return tx
    .selectDistinctOn([contacts.kind], { kind: contacts.kind, value: contacts.value })
    .from(contacts)
    .where(
      and(
        eq(contacts.cardholderId, cardholderId),
        lte(contacts.effectiveAt, at),
        or(isNull(contacts.endedAt), gt(contacts.endedAt, at)),
      ),
    )
    .orderBy(contacts.kind, desc(contacts.effectiveAt))
}

/** Where a card's holder can be reached at this moment. */
export async function destinationsOf(tx: Queryable, cardId: string, now: number): Promise<Destinations> {
  const [owner] = await tx
    .select({ cardholderId: cardholders.id, language: cardholders.language })
    .from(cards)
    .innerJoin(cardholders, eq(cardholders.id, cards.cardholderId))
    .where(eq(cards.id, cardId))
  if (!owner) throw new Error('a card without its holder')
  return { ...owner, contacts: await contactsInForce(tx, owner.cardholderId, now) }
}
