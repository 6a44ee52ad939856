import { and, eq, getTableColumns, inArray, isNull, ne } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { accounts, cardholders, cards, proofFacts } from '../schema.ts'
import { languageSpoken } from './preferences.ts'

export async function accountOf(tx: Queryable, cardholderId: string) {
  const [row] = await tx.select().from(accounts).where(eq(accounts.cardholderId, cardholderId))
  return row
}

/** The account with this sign-in address, and the cardholder's language. */
export async function accountBySignIn(tx: Queryable, hmacs: Buffer[]) {
  const [row] = await tx
    .select({ cardholderId: accounts.cardholderId, language: languageSpoken })
    .from(accounts)
    .innerJoin(cardholders, eq(cardholders.id, accounts.cardholderId))
    .where(inArray(accounts.signInHmac, hmacs))
  return row
}

export async function upsertAccount(tx: Queryable, row: typeof accounts.$inferInsert) {
  const { cardholderId: _, userHandle: __, ...set } = row
  await tx.insert(accounts).values(row).onConflictDoUpdate({ target: accounts.cardholderId, set })
}

/**
 * An id that no cardholder has. It is queried when an address has no account, so that the response takes the same time.
 */
export const noCardholder = '00000000-0000-0000-0000-000000000000'

export async function cardholderById(tx: Queryable, id: string) {
  const [row] = await tx
    .select({ ...getTableColumns(cardholders), language: languageSpoken })
    .from(cardholders)
    .where(eq(cardholders.id, id))
  return row
}

/** Cardholders by the issuer's ids; without ids, all that are not enrolled yet. */
export async function cardholdersToEnrol(tx: Queryable, issuerRefs: string[] | undefined) {
  return tx
    .select({ id: cardholders.id, issuerRef: cardholders.issuerRef })
    .from(cardholders)
    .leftJoin(accounts, eq(accounts.cardholderId, cardholders.id))
    .where(issuerRefs ? inArray(cardholders.issuerRef, issuerRefs) : isNull(accounts.cardholderId))
    .orderBy(cardholders.issuerRef)
}

export function factsOf(tx: Queryable, cardholderId: string) {
  return tx.select().from(proofFacts).where(eq(proofFacts.cardholderId, cardholderId))
}

/** The cardholder, locked until the transaction ends, which serialises the actions of one cardholder. */
export async function lockCardholder(tx: Queryable, id: string) {
  const [row] = await tx
    .select({ id: cardholders.id, issuerRef: cardholders.issuerRef, language: languageSpoken })
    .from(cardholders)
    .where(eq(cardholders.id, id))
    .for('no key update')
  return row
}

export function cardsOf(tx: Queryable, cardholderId: string) {
  return tx
    .select({
      id: cards.id,
      lastFour: cards.lastFour,
      status: cards.status,
      expiresAt: cards.expiresAt,
      codesUnlockedAt: cards.codesUnlockedAt,
    })
    .from(cards)
    .where(eq(cards.cardholderId, cardholderId))
    .orderBy(cards.lastFour)
}

export async function lastFoursOf(tx: Queryable, cardholderId: string): Promise<string[]> {
  const rows = await tx
    .select({ lastFour: cards.lastFour })
    .from(cards)
    .where(and(eq(cards.cardholderId, cardholderId), ne(cards.status, 'closed')))
    .orderBy(cards.lastFour)
  return rows.map(({ lastFour }) => lastFour)
}
