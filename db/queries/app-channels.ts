import { and, eq, inArray, isNotNull, lt } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { appChannels, challenges } from '../schema.ts'
import { type ChallengeKey, isChallenge } from './challenges.ts'

export type AppChannelRow = typeof appChannels.$inferSelect

export async function insertAppChannel(tx: Queryable, row: typeof appChannels.$inferInsert) {
  await tx.insert(appChannels).values(row)
}

export async function findAppChannel(key: ChallengeKey): Promise<AppChannelRow | undefined> {
  const [row] = await database().select().from(appChannels).where(isChallenge(appChannels.challengeId, key))
  return row
}

/** Reads the channel. The caller holds the lock on its challenge, as for every change of the channel. */
export async function readAppChannel(tx: Queryable, challengeId: string): Promise<AppChannelRow | undefined> {
  const [row] = await tx.select().from(appChannels).where(eq(appChannels.challengeId, challengeId))
  return row
}

export async function updateAppChannel(
  tx: Queryable,
  challengeId: string,
  change: Partial<Pick<AppChannelRow, 'secret' | 'sdkCounter' | 'acsCounter' | 'shown'>>,
) {
  await tx.update(appChannels).set(change).where(eq(appChannels.challengeId, challengeId))
}

/** Erases up to `most` keys of challenges that ended before `before` and whose SDK never returned. Returns how many. */
export async function eraseAppSecrets(before: number, most: number): Promise<number> {
  const db = database()
  const over = db
    .select({ id: appChannels.challengeId })
    .from(appChannels)
    .innerJoin(challenges, eq(challenges.id, appChannels.challengeId))
    .where(and(isNotNull(appChannels.secret), eq(challenges.state, 'ended'), lt(challenges.endedAt, before)))
    .limit(most)
    .for('update', { of: appChannels, skipLocked: true })
  const erased = await db.update(appChannels).set({ secret: null }).where(inArray(appChannels.challengeId, over))
  return erased.count
}
