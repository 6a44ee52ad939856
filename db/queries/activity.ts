import { and, desc, eq, isNotNull, lt } from 'drizzle-orm'
import { database } from '../client.ts'
import { cards, challenges, contactChanges, sessions } from '../schema.ts'

/** What a cardholder did or was asked before a moment, newest first: at most `most` of each kind. */
export async function activityBefore(cardholderId: string, before: Date, most: number) {
  const db = database()
  const [signIns, changes, payments] = await Promise.all([
    db
      .select({ id: sessions.id, at: sessions.createdAt, method: sessions.method, device: sessions.device })
      .from(sessions)
      .where(and(eq(sessions.cardholderId, cardholderId), lt(sessions.createdAt, before)))
      .orderBy(desc(sessions.createdAt))
      .limit(most),
    db
      .select({
        id: contactChanges.id,
        at: contactChanges.requestedAt,
        kind: contactChanges.kind,
        masked: contactChanges.masked,
        state: contactChanges.state,
        ending: contactChanges.ending,
      })
      .from(contactChanges)
      .where(and(eq(contactChanges.cardholderId, cardholderId), lt(contactChanges.requestedAt, before)))
      .orderBy(desc(contactChanges.requestedAt))
      .limit(most),
    db
      .select({
        id: challenges.acsTransID,
        at: challenges.createdAt,
        purchase: challenges.purchase,
        ending: challenges.ending,
        lastFour: cards.lastFour,
      })
      .from(challenges)
      .innerJoin(cards, eq(cards.id, challenges.cardId))
      .where(
        and(eq(cards.cardholderId, cardholderId), isNotNull(challenges.openedAt), lt(challenges.createdAt, before)),
      )
      .orderBy(desc(challenges.createdAt))
      .limit(most),
  ])
  return { signIns, changes, payments }
}
