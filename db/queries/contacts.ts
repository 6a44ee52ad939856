import { and, desc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import type { Language } from '#domain/challenge/machine.ts'
import type { Queryable } from '../client.ts'
import { cardholders, cards, contacts } from '../schema.ts'

export interface Destination {
  readonly cardholderId: string
  readonly language: Language
  /** Sealed for cardholder and kind. */
  readonly value: string
}

/** The e-mail address in force for a card's holder at this moment. */
export async function emailInForce(tx: Queryable, cardId: string, now: number): Promise<Destination | undefined> {
  const at = new Date(now)
  const [row] = await tx
    .select({ cardholderId: cardholders.id, language: cardholders.language, value: contacts.value })
    .from(cards)
    .innerJoin(cardholders, eq(cardholders.id, cards.cardholderId))
    .innerJoin(contacts, and(eq(contacts.cardholderId, cardholders.id), eq(contacts.kind, 'email')))
    .where(
      and(eq(cards.id, cardId), lte(contacts.effectiveAt, at), or(isNull(contacts.endedAt), gt(contacts.endedAt, at))),
    )
    .orderBy(desc(contacts.effectiveAt))
    .limit(1)
  return row
}
