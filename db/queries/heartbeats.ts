import { eq, lt, sql } from 'drizzle-orm'
import { database } from '../client.ts'
import { heartbeats } from '../schema.ts'

export type Role = (typeof heartbeats.$inferSelect)['role']

const ago = (milliseconds: number) => sql`now() - make_interval(secs => ${milliseconds / 1000})`

/** A process is alive now; a worker completed a round of its duties so many milliseconds ago. */
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

/** A process ends. */
export async function removeHeartbeat(id: string): Promise<void> {
  await database().delete(heartbeats).where(eq(heartbeats.id, id))
}

/** Forgets processes that were not seen for so many milliseconds. */
export async function removeOldHeartbeats(after: number): Promise<void> {
  await database()
    .delete(heartbeats)
    .where(lt(heartbeats.at, ago(after)))
}

/** The roles of which a process was alive within so many milliseconds; a worker has to have completed a round, too. */
export async function rolesAlive(within: number): Promise<ReadonlySet<Role>> {
  const rows = await database()
    .selectDistinctOn([heartbeats.role], { role: heartbeats.role })
    .from(heartbeats)
    .where(sql`least(${heartbeats.at}, ${heartbeats.roundAt}) > ${ago(within)}`)
  return new Set(rows.map(({ role }) => role))
}
