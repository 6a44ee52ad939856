import { asc, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { database } from '../client.ts'

/**
 * Deletes up to `most` rows of a table, the oldest by `column` first, and answers how many; rows that another transaction
 * holds are passed over. In that order an index is read from its beginning, where what was deleted before costs least.
 */
export async function deleteSome(
  table: PgTable,
  where: SQL | undefined,
  column: PgColumn,
  most: number,
): Promise<number> {
  const db = database()
  const some = db
    .select({ place: sql`ctid` })
    .from(table)
    .where(where)
    .orderBy(asc(column))
    .limit(most)
    .for('update', { skipLocked: true })
  const gone = await db.delete(table).where(sql`ctid = any(array(${some}))`)
  return gone.count
}
