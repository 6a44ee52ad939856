import { eq, lt, sql } from 'drizzle-orm'
import { database } from '../client.ts'
import { heartbeats } from '../schema.ts'

export type Role = (typeof heartbeats.$inferSelect)['role']

const ago = (milliseconds: number) => sql`now() - make_interval(secs => ${milliseconds / 1000})`

/** Records that a process is alive. `sinceRound`: milliseconds since a worker last completed a round of its tasks. */
export async function saveHeartbeat(
  process: Pick<typeof heartbeats.$inferInsert, 'id' | 'role' | 'host' | 'pid'>,
  sinceRound?: number,
): Promise<void> {
  const at = sql`now()`
  const roundAt = sinceRound === undefined ? null : ago(sinceRound)
  await database()
    .insert(heartbeats)
    .values({ ...process, startedAt: at, at, roundAt })
    .onConflictDoUpdate({ target: heartbeats.id, set: { at, roundAt } })
}

/** Removes the heartbeat of a process that ends. */
export async function removeHeartbeat(id: string): Promise<void> {
  await database().delete(heartbeats).where(eq(heartbeats.id, id))
}

/** Removes heartbeats that are older than `after` milliseconds. */
export async function removeOldHeartbeats(after: number): Promise<void> {
  await database()
    .delete(heartbeats)
    .where(lt(heartbeats.at, ago(after)))
}

/**
 * The roles with a process that was alive within the last `within` milliseconds. A worker must also have completed a
 * round.
 */
export async function rolesAlive(within: number): Promise<ReadonlySet<Role>> {
  const rows = await database()
    .selectDistinctOn([heartbeats.role], { role: heartbeats.role })
    .from(heartbeats)
    .where(sql`least(${heartbeats.at}, ${heartbeats.roundAt}) > ${ago(within)}`)
  return new Set(rows.map(({ role }) => role))
}
