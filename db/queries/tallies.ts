import { lt, sql } from 'drizzle-orm'
import type { LimitName } from '#domain/account/policy.ts'
import { database } from '../client.ts'
import { tallies } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

/** Counts one more in a statement of its own, and answers how many there are: two at once never see the same number. */
export async function addToTally(name: LimitName, subject: Buffer, beginsAt: Date): Promise<number> {
  const [row] = await database()
    .insert(tallies)
    .values({ name, subject, beginsAt, count: 1 })
    .onConflictDoUpdate({
      target: [tallies.name, tallies.subject, tallies.beginsAt],
      set: { count: sql`${tallies.count} + 1` },
    })
    .returning({ count: tallies.count })
  return row?.count ?? 0
}

export function purgeTallies(before: Date, most: number): Promise<number> {
  return deleteSome(tallies, lt(tallies.beginsAt, before), tallies.beginsAt, most)
}
