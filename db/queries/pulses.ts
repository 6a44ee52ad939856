import { eq, lt, sql } from 'drizzle-orm'
import { database } from '../client.ts'
import { pulses } from '../schema.ts'

export type Role = (typeof pulses.$inferSelect)['role']

const ago = (milliseconds: number) => sql`now() - make_interval(secs => ${milliseconds / 1000})`

/** A process is alive now; a worker completed a round of its duties so many milliseconds ago. */
export async function savePulse(
  process: Pick<typeof pulses.$inferInsert, 'id' | 'role' | 'host' | 'pid'>,
  sinceRound?: number,
): Promise<void> {
  const at = sql`now()`
  const roundAt = sinceRound === undefined ? null : ago(sinceRound)
  await database()
    .insert(pulses)
    .values({ ...process, startedAt: at, at, roundAt })
    .onConflictDoUpdate({ target: pulses.id, set: { at, roundAt } })
}

/** A process ends. */
export async function removePulse(id: string): Promise<void> {
  await database().delete(pulses).where(eq(pulses.id, id))
}

/** Forgets processes that were not seen for so many milliseconds. */
export async function removeOldPulses(after: number): Promise<void> {
  await database()
    .delete(pulses)
    .where(lt(pulses.at, ago(after)))
}

/** The roles of which a process was alive within so many milliseconds; a worker has to have completed a round, too. */
export async function rolesAlive(within: number): Promise<ReadonlySet<Role>> {
  const rows = await database()
    .selectDistinctOn([pulses.role], { role: pulses.role })
    .from(pulses)
    .where(sql`least(${pulses.at}, ${pulses.roundAt}) > ${ago(within)}`)
  return new Set(rows.map(({ role }) => role))
}
