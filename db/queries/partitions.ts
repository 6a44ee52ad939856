import { sql } from 'drizzle-orm'
import { database } from '../client.ts'
import { toTimestamp } from '../timestamp.ts'

// The months of partitioned tables. The run-time role may not create or drop tables: two functions of the database do it
// for the partitions, and refuse what must not be (docs/decisions/0034).

/** Partitioned tables; rows of each belong to rows of those after it, so partitions are dropped in this order. */
export const partitioned = ['audit_events', 'outbox', 'challenges', 'authentications'] as const
export type Partitioned = (typeof partitioned)[number]

/**
 * Makes a table's partition for the month of a time, in UTC. `known`: there is one. `rest`: rows of the month are in the
 * default partition, and the month stays there.
 */
export async function makePartition(table: Partitioned, at: number): Promise<'made' | 'known' | 'rest'> {
  const [row] = await database().execute<{ result: 'made' | 'known' | 'rest' }>(
    sql`select make_partition(${table}, ${toTimestamp(at)}) as result`,
  )
  if (!row) throw new Error('make_partition without a result')
  return row.result
}

/** The partitions of a table's months, the oldest first. */
export async function partitionsOf(table: Partitioned): Promise<string[]> {
  const rows = await database().execute<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = ${table}::regclass and relname ~ '_[0-9]{4}_[0-9]{2}$' order by 1`)
  return rows.map(({ name }) => name)
}

/** Drops a partition. Returns false if something in it must be kept, or it is gone. */
export async function dropPartition(name: string): Promise<boolean> {
  const [row] = await database().execute<{ dropped: boolean }>(sql`select drop_partition(${name}) as dropped`)
  return row?.dropped === true
}
