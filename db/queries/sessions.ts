import { and, desc, eq, gt, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { cardholders, knownDevices, sessions } from '../schema.ts'
import { languageSpoken } from './preferences.ts'

export type SessionRow = typeof sessions.$inferSelect

export async function insertSession(tx: Queryable, row: typeof sessions.$inferInsert) {
  await tx.insert(sessions).values(row)
}

/** Sessions that have not ended, were used after `idleSince` and began after `begunSince`. */
const alive = (idleSince: number, begunSince: number) =>
  and(isNull(sessions.endedAt), gt(sessions.lastSeenAt, idleSince), gt(sessions.createdAt, begunSince))

export interface AliveSince {
  readonly idleSince: number
  readonly begunSince: number
}

/** The session of a cookie; updates its last use. */
export async function touchSession(id: string, secretDigest: Buffer, now: number, since: AliveSince) {
  const [row] = await database()
    .update(sessions)
    .set({ lastSeenAt: now })
    .from(cardholders)
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.secretDigest, secretDigest),
        eq(cardholders.id, sessions.cardholderId),
        alive(since.idleSince, since.begunSince),
      ),
    )
    .returning({ session: sessions, language: languageSpoken, disputedSince: cardholders.disputedSince })
  return row
}

/** The session of a cookie, active or over, without updating its last use. */
export async function peekSession(id: string, secretDigest: Buffer) {
  const [row] = await database()
    .select()
    .from(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.secretDigest, secretDigest)))
  return row
}

/** The cardholder of a session, active or ended. */
export async function ownerOfSession(id: string): Promise<string | undefined> {
  const [row] = await database().select({ owner: sessions.cardholderId }).from(sessions).where(eq(sessions.id, id))
  return row?.owner
}

export async function hasEnded(tx: Queryable, id: string): Promise<boolean> {
  const ended = and(eq(sessions.id, id), isNotNull(sessions.endedAt))
  return (await tx.select({ id: sessions.id }).from(sessions).where(ended)).length > 0
}

export function sessionsOf(cardholderId: string, since: AliveSince): Promise<SessionRow[]> {
  return database()
    .select()
    .from(sessions)
    .where(and(eq(sessions.cardholderId, cardholderId), alive(since.idleSince, since.begunSince)))
    .orderBy(desc(sessions.lastSeenAt))
}

/** The cardholder's last sign-in except the named session, active or ended. */
export async function signInBefore(cardholderId: string, except: string) {
  const [row] = await database()
    .select({ at: sessions.createdAt, device: sessions.device, method: sessions.method })
    .from(sessions)
    .where(and(eq(sessions.cardholderId, cardholderId), ne(sessions.id, except)))
    .orderBy(desc(sessions.createdAt))
    .limit(1)
  return row
}

/**
 * Saves a strong authentication of a session: its time, the age of the means used, and the new secret of the cookie.
 */
export async function strengthenSession(
  tx: Queryable,
  id: string,
  set: Pick<SessionRow, 'secretDigest' | 'strongAt' | 'proofSince' | 'lastSeenAt'>,
) {
  await tx
    .update(sessions)
    .set(set)
    .where(and(eq(sessions.id, id), isNull(sessions.endedAt)))
}

/** Ends one session of the cardholder. Returns whether there was an active one. */
export async function endSession(tx: Queryable, cardholderId: string, id: string, now: number): Promise<boolean> {
  const rows = await tx
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.cardholderId, cardholderId), isNull(sessions.endedAt)))
    .returning({ id: sessions.id })
  return rows.length > 0
}

/** Ends all sessions of a cardholder except the one named. Returns how many. */
export async function endSessions(tx: Queryable, cardholderId: string, now: number, except?: string): Promise<number> {
  const others = except === undefined ? undefined : ne(sessions.id, except)
  const rows = await tx
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.cardholderId, cardholderId), isNull(sessions.endedAt), others))
    .returning({ id: sessions.id })
  return rows.length
}

/**
 * Whether a cardholder has signed in with a browser since `since` and, if `metBefore` is given, first did so before
 * that.
 */
export async function knowsDevice(
  tx: Queryable,
  cardholderId: string,
  digest: Buffer,
  since: number,
  metBefore?: number,
): Promise<boolean> {
  const known = await tx
    .select({ digest: knownDevices.digest })
    .from(knownDevices)
    .where(
      and(
        eq(knownDevices.cardholderId, cardholderId),
        eq(knownDevices.digest, digest),
        gt(knownDevices.lastSeenAt, since),
        metBefore === undefined ? undefined : lt(knownDevices.firstSeenAt, metBefore),
      ),
    )
  return known.length > 0
}

/** Forgets all known browsers of a cardholder. */
export async function forgetKnownDevices(tx: Queryable, cardholderId: string): Promise<void> {
  await tx.delete(knownDevices).where(eq(knownDevices.cardholderId, cardholderId))
}

/** Remembers a browser. Returns whether the cardholder had signed in with it since `since`. */
export async function rememberKnownDevice(
  tx: Queryable,
  cardholderId: string,
  digest: Buffer,
  now: number,
  since: number,
): Promise<boolean> {
  const known = await knowsDevice(tx, cardholderId, digest, since)
  await tx
    .insert(knownDevices)
    .values({ cardholderId, digest, firstSeenAt: now, lastSeenAt: now })
    .onConflictDoUpdate({
      target: [knownDevices.cardholderId, knownDevices.digest],
      set: {
        // A browser that is not known any more starts again.
        firstSeenAt: known ? sql`coalesce(${knownDevices.firstSeenAt}, excluded.first_seen_at)` : now,
        lastSeenAt: now,
      },
    })
  return known
}

/** How a session began. */
export async function sessionMethod(tx: Queryable, id: string) {
  const [row] = await tx.select({ method: sessions.method }).from(sessions).where(eq(sessions.id, id))
  return row?.method
}
