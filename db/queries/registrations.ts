import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { activationCodes, approvalDevices, cardholders, contactChanges, contacts } from '../schema.ts'
import type { ChangeRow } from './contact-changes.ts'

// Contacts that are registered in the window of a purchase, and the facts that are asked for before.

/** The activation codes that a cardholder may enter now, as HMACs. */
export async function validActivationCodes(tx: Queryable, cardholderId: string, now: number): Promise<Buffer[]> {
  const rows = await tx
    .select({ hmac: activationCodes.hmac })
    .from(activationCodes)
    .where(
      and(
        eq(activationCodes.cardholderId, cardholderId),
        isNull(activationCodes.endedAt),
        gt(activationCodes.expiresAt, now),
      ),
    )
  return rows.map(({ hmac }) => hmac)
}

export async function hasApprovalDevice(tx: Queryable, cardholderId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: approvalDevices.id })
    .from(approvalDevices)
    .where(and(eq(approvalDevices.cardholderId, cardholderId), isNull(approvalDevices.removedAt)))
    .limit(1)
  return rows.length > 0
}

/** Adds to the wrong facts of a cardholder in one statement, and returns the new count. */
export async function addWrongFacts(tx: Queryable, cardholderId: string, by: 0 | 1 | -1): Promise<number> {
  const [row] = await tx
    .update(cardholders)
    .set({ wrongFacts: sql`greatest(${cardholders.wrongFacts} + ${by}, 0)` })
    .where(eq(cardholders.id, cardholderId))
    .returning({ count: cardholders.wrongFacts })
  return row?.count ?? 0
}

export async function wrongFactsOf(tx: Queryable, cardholderId: string): Promise<number> {
  const [row] = await tx
    .select({ count: cardholders.wrongFacts })
    .from(cardholders)
    .where(eq(cardholders.id, cardholderId))
  return row?.count ?? 0
}

export async function forgetWrongFacts(tx: Queryable, cardholderId: string): Promise<void> {
  await tx.update(cardholders).set({ wrongFacts: 0 }).where(eq(cardholders.id, cardholderId))
}

/** The contact changes that a challenge's window requested. */
export function changesOfChallenge(tx: Queryable, challengeId: string): Promise<ChangeRow[]> {
  return tx.select().from(contactChanges).where(eq(contactChanges.challengeId, challengeId))
}

/**
 * All contacts that a cardholder has had, encrypted, whether they may still receive codes or not; without those that
 * were reported as another person's, or stopped, and without those that ended before a time.
 */
export function formerContacts(tx: Queryable, cardholderId: string, endedSince = 0) {
  return tx
    .selectDistinctOn([contacts.valueHmac], { kind: contacts.kind, value: contacts.value })
    .from(contacts)
    .where(
      and(
        eq(contacts.cardholderId, cardholderId),
        isNull(contacts.frozenAt),
        or(isNull(contacts.endedAt), gt(contacts.endedAt, endedSince)),
      ),
    )
}

/** Marks a registered contact as confirmed. */
export async function confirmContact(tx: Queryable, cardholderId: string, id: string): Promise<void> {
  await tx
    .update(contacts)
    .set({ provisionalSince: null })
    .where(and(eq(contacts.id, id), eq(contacts.cardholderId, cardholderId)))
}
