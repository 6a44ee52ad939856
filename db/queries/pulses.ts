import { sql } from 'drizzle-orm'
import { database } from '../client.ts'
import { pulses } from '../schema.ts'

export type Role = (typeof pulses.$inferSelect)['role']

/** A process of this role is alive now. */
export async function savePulse(role: Role): Promise<void> {
  const at = sql`now()`
  await database().insert(pulses).values({ role, at }).onConflictDoUpdate({ target: pulses.role, set: { at } })
}

/** The roles of which a process was alive within so many milliseconds. */
export async function rolesAlive(within: number): Promise<ReadonlySet<Role>> {
  const rows = await database()
    .select({ role: pulses.role })
    .from(pulses)
    .where(sql`${pulses.at} > now() - make_interval(secs => ${within / 1000})`)
  return new Set(rows.map(({ role }) => role))
}
