import { and, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { authentications, cards, challenges, contactChanges, contacts, sessions, trustedMerchants } from '../schema.ts'

// The rows that events of the audit log refer to, for the activity. The log says what happened and when; the row says
// to whom it belongs.

function signIns(db: Queryable, cardholderId: string, ids: string[]) {
  return db
    .select({
      id: sessions.id,
      at: sessions.createdAt,
      method: sessions.method,
      device: sessions.device,
      reportedAt: sessions.reportedAt,
    })
    .from(sessions)
    .where(and(eq(sessions.cardholderId, cardholderId), inArray(sessions.id, ids)))
}

function changes(db: Queryable, cardholderId: string, ids: string[]) {
  return db
    .select({
      id: contactChanges.id,
      at: contactChanges.requestedAt,
      kind: contactChanges.kind,
      masked: contactChanges.masked,
      state: contactChanges.state,
      outcome: contactChanges.outcome,
      reportedAt: contactChanges.reportedAt,
    })
    .from(contactChanges)
    .where(and(eq(contactChanges.cardholderId, cardholderId), inArray(contactChanges.id, ids)))
}

function payments(db: Queryable, cardholderId: string, ids: string[]) {
  return db
    .select({
      /** The cardholder knows the payment by its acsTransID; events refer to our own id. */
      id: challenges.acsTransID,
      ref: challenges.id,
      at: challenges.createdAt,
      purchase: challenges.purchase,
      outcome: challenges.outcome,
      lastFour: cards.lastFour,
      reportedAt: challenges.reportedAt,
      decision: authentications.decision,
      risk: authentications.risk,
    })
    .from(challenges)
    .innerJoin(authentications, eq(authentications.id, challenges.id))
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(and(eq(cards.cardholderId, cardholderId), inArray(challenges.id, ids)))
}

function stops(db: Queryable, cardholderId: string, ids: string[]) {
  return db
    .select({ id: contacts.id, at: contacts.frozenAt, value: contacts.value })
    .from(contacts)
    .where(and(eq(contacts.cardholderId, cardholderId), inArray(contacts.id, ids)))
}

function trusts(db: Queryable, cardholderId: string, ids: string[]) {
  return db
    .select({
      id: trustedMerchants.id,
      at: trustedMerchants.trustedAt,
      merchantName: trustedMerchants.merchantName,
      removedAt: trustedMerchants.removedAt,
    })
    .from(trustedMerchants)
    .where(and(eq(trustedMerchants.cardholderId, cardholderId), inArray(trustedMerchants.id, ids)))
}

/** Ids of rows by their kind. */
export type ActivityIds = Readonly<Record<ActivityKind | 'stop' | 'trust', string[]>>

export type ActivityKind = 'sign-in' | 'change' | 'payment'

/** The rows with these ids that belong to the cardholder. A kind without ids is not queried. */
export async function activityRows(db: Queryable, cardholderId: string, ids: ActivityIds) {
  const read = <Row>(found: string[], of: (db: Queryable, owner: string, ids: string[]) => PromiseLike<Row[]>) =>
    found.length === 0 ? Promise.resolve([]) : of(db, cardholderId, found)
  return {
    signIns: await read(ids['sign-in'], signIns),
    changes: await read(ids.change, changes),
    payments: await read(ids.payment, payments),
    stops: await read(ids.stop, stops),
    trusts: await read(ids.trust, trusts),
  }
}

/** Our own id of a cardholder's payment. */
export async function paymentRef(db: Queryable, cardholderId: string, acsTransID: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: challenges.id })
    .from(challenges)
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(and(eq(cards.cardholderId, cardholderId), eq(challenges.acsTransID, acsTransID)))
  return row?.id
}

/** Records that the cardholder reported a row as "this was not me". */
export async function markReported(tx: Queryable, cardholderId: string, kind: ActivityKind, id: string, at: number) {
  switch (kind) {
    case 'sign-in':
      await tx.update(sessions).set({ reportedAt: at }).where(eq(sessions.id, id))
      break
    case 'change':
      await tx.update(contactChanges).set({ reportedAt: at }).where(eq(contactChanges.id, id))
      break
    case 'payment':
      await tx
        .update(challenges)
        .set({ reportedAt: at })
        .where(eq(challenges.id, (await paymentRef(tx, cardholderId, id)) ?? id))
      break
  }
}
