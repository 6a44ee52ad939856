import { and, desc, eq, isNotNull, lt, type SQL } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { cards, challenges, contactChanges, sessions } from '../schema.ts'

function signIns(db: Queryable, cardholderId: string, which: SQL, most: number) {
  return db
    .select({
      id: sessions.id,
      at: sessions.createdAt,
      method: sessions.method,
      device: sessions.device,
      reportedAt: sessions.reportedAt,
    })
    .from(sessions)
    .where(and(eq(sessions.cardholderId, cardholderId), which))
    .orderBy(desc(sessions.createdAt))
    .limit(most)
}

function changes(db: Queryable, cardholderId: string, which: SQL, most: number) {
  return db
    .select({
      id: contactChanges.id,
      at: contactChanges.requestedAt,
      kind: contactChanges.kind,
      masked: contactChanges.masked,
      state: contactChanges.state,
      ending: contactChanges.ending,
      reportedAt: contactChanges.reportedAt,
    })
    .from(contactChanges)
    .where(and(eq(contactChanges.cardholderId, cardholderId), which))
    .orderBy(desc(contactChanges.requestedAt))
    .limit(most)
}

function payments(db: Queryable, cardholderId: string, which: SQL, most: number) {
  return db
    .select({
      id: challenges.acsTransID,
      at: challenges.createdAt,
      purchase: challenges.purchase,
      ending: challenges.ending,
      lastFour: cards.lastFour,
      reportedAt: challenges.reportedAt,
    })
    .from(challenges)
    .innerJoin(cards, eq(cards.id, challenges.cardId))
    .where(and(eq(cards.cardholderId, cardholderId), isNotNull(challenges.openedAt), which))
    .orderBy(desc(challenges.createdAt))
    .limit(most)
}

/** What a cardholder did or was asked before a moment, newest first: at most `most` of each kind. */
export async function activityBefore(cardholderId: string, before: Date, most: number) {
  const db = database()
  const [ofSignIns, ofChanges, ofPayments] = await Promise.all([
    signIns(db, cardholderId, lt(sessions.createdAt, before), most),
    changes(db, cardholderId, lt(contactChanges.requestedAt, before), most),
    payments(db, cardholderId, lt(challenges.createdAt, before), most),
  ])
  return { signIns: ofSignIns, changes: ofChanges, payments: ofPayments }
}

export type ActivityKind = 'sign-in' | 'change' | 'payment'

/** One entry of a cardholder's own, in the same form. */
export async function activityEntry(db: Queryable, cardholderId: string, kind: ActivityKind, id: string) {
  return {
    signIns: kind === 'sign-in' ? await signIns(db, cardholderId, eq(sessions.id, id), 1) : [],
    changes: kind === 'change' ? await changes(db, cardholderId, eq(contactChanges.id, id), 1) : [],
    payments: kind === 'payment' ? await payments(db, cardholderId, eq(challenges.acsTransID, id), 1) : [],
  }
}

/** Its owner has said that it was not them. */
export async function markReported(tx: Queryable, kind: ActivityKind, id: string, at: Date) {
  switch (kind) {
    case 'sign-in':
      await tx.update(sessions).set({ reportedAt: at }).where(eq(sessions.id, id))
      break
    case 'change':
      await tx.update(contactChanges).set({ reportedAt: at }).where(eq(contactChanges.id, id))
      break
    case 'payment':
      await tx.update(challenges).set({ reportedAt: at }).where(eq(challenges.acsTransID, id))
      break
  }
}
