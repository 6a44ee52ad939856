import { asc, inArray, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { database } from '../client.ts'

/**
 * Deletes up to `most` rows of a partitioned table, the oldest first, and returns how many. `ctid` identifies a row only
 * within its partition.
 */
export async function deleteSomeById(
  table: PgTable,
  id: PgColumn,
  where: SQL | undefined,
  most: number,
): Promise<number> {
  const db = database()
  const some = db
    .select({ id })
    .from(table)
    .where(where)
    .orderBy(asc(id))
    .limit(most)
    .for('update', { skipLocked: true })
  const gone = await db.delete(table).where(inArray(id, some))
  return gone.count
}

/**
 * Deletes up to `most` rows of a table, the oldest by `column` first, and returns how many. Skips rows that another
 * transaction has locked. In this order the index is read from its beginning, where rows deleted earlier cost least.
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
