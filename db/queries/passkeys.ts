import { and, desc, eq, gte, isNull, lte } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { passkeyChallenges, passkeys } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

export type PasskeyRow = typeof passkeys.$inferSelect
type ChallengePurpose = (typeof passkeyChallenges.$inferSelect)['purpose']

export function passkeysOf(tx: Queryable, cardholderId: string): Promise<PasskeyRow[]> {
  return tx
    .select()
    .from(passkeys)
    .where(and(eq(passkeys.cardholderId, cardholderId), isNull(passkeys.removedAt)))
    .orderBy(desc(passkeys.createdAt))
}

const hasId = (credentialId: string) => and(eq(passkeys.credentialId, credentialId), isNull(passkeys.removedAt))

/** A passkey by its credential id. */
export async function findPasskey(tx: Queryable, credentialId: string): Promise<PasskeyRow | undefined> {
  const [row] = await tx.select().from(passkeys).where(hasId(credentialId))
  return row
}

/** The same, locked, so that concurrent updates of its counter are serialised. */
export async function lockPasskey(tx: Queryable, credentialId: string): Promise<PasskeyRow | undefined> {
  const [row] = await tx.select().from(passkeys).where(hasId(credentialId)).for('update')
  return row
}

/** The same by its own id. */
export async function lockPasskeyById(tx: Queryable, id: string): Promise<PasskeyRow | undefined> {
  const [row] = await tx
    .select()
    .from(passkeys)
    .where(and(eq(passkeys.id, id), isNull(passkeys.removedAt)))
    .for('update')
  return row
}

export async function insertPasskey(tx: Queryable, row: typeof passkeys.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(passkeys).values(row).onConflictDoNothing().returning({ id: passkeys.id })
  return rows.length > 0
}

export async function notePasskeyUse(tx: Queryable, id: string, counter: number, now: number) {
  await tx.update(passkeys).set({ counter, lastUsedAt: now }).where(eq(passkeys.id, id))
}

const own = (cardholderId: string, id: string) =>
  and(eq(passkeys.id, id), eq(passkeys.cardholderId, cardholderId), isNull(passkeys.removedAt))

export async function renamePasskey(tx: Queryable, cardholderId: string, id: string, name: string): Promise<boolean> {
  const rows = await tx.update(passkeys).set({ name }).where(own(cardholderId, id)).returning({ id: passkeys.id })
  return rows.length > 0
}

export async function removePasskey(tx: Queryable, cardholderId: string, id: string, now: number): Promise<boolean> {
  const rows = await tx
    .update(passkeys)
    .set({ removedAt: now })
    .where(own(cardholderId, id))
    .returning({ id: passkeys.id })
  return rows.length > 0
}

/** Removes a cardholder's passkeys; with `since`, only those added from then on. Returns how many. */
export async function removePasskeys(
  tx: Queryable,
  cardholderId: string,
  now: number,
  since?: number,
): Promise<number> {
  const added = since === undefined ? undefined : gte(passkeys.createdAt, since)
  const removed = await tx
    .update(passkeys)
    .set({ removedAt: now })
    .where(and(eq(passkeys.cardholderId, cardholderId), isNull(passkeys.removedAt), added))
  return removed.count
}

export async function writePasskeyChallenge(row: typeof passkeyChallenges.$inferInsert) {
  const { challenge, expiresAt } = row
  await database()
    .insert(passkeyChallenges)
    .values(row)
    .onConflictDoUpdate({
      target: [passkeyChallenges.visit, passkeyChallenges.purpose],
      set: { challenge, expiresAt },
    })
}

/** Returns a challenge and deletes it, so that it can be answered only once, whether rightly or not. */
export async function takePasskeyChallenge(
  visit: Buffer,
  purpose: ChallengePurpose,
  now: number,
): Promise<string | undefined> {
  const [row] = await database()
    .delete(passkeyChallenges)
    .where(and(eq(passkeyChallenges.visit, visit), eq(passkeyChallenges.purpose, purpose)))
    .returning()
  return row && row.expiresAt > now ? row.challenge : undefined
}

export function purgePasskeyChallenges(now: number, most: number): Promise<number> {
  return deleteSome(passkeyChallenges, lte(passkeyChallenges.expiresAt, now), passkeyChallenges.expiresAt, most)
}
