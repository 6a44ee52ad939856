import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import { boundedSql } from './bounded.ts'
import { type Deadlines, defaultDeadlines } from './deadlines.ts'
import * as schema from './schema.ts'

export type Database = PostgresJsDatabase<typeof schema>
/** What a query runs on: the pool, or the transaction it belongs to. Never use the pool inside a transaction. */
export type Queryable = Pick<Database, 'select' | 'selectDistinctOn' | 'insert' | 'update' | 'delete' | 'execute'>

interface Pool {
  readonly db: Database
  readonly sql: postgres.Sql
  /** Retires all open connections. */
  renew(): void
  /** Closes the pool; running statements have five seconds to end. */
  end(): Promise<void>
}

// Next.js loads this module more than once per process, but all instances must share one pool.
const place = Symbol.for('safekey.database')
const shared = globalThis as { [place]?: Pool }

/** Opens the pool. Errors of idle connections are reported by the next query. */
export function connect(
  url: string,
  { connections = 10, deadlines = defaultDeadlines }: { connections?: number; deadlines?: Deadlines } = {},
): Database {
  const pool = boundedSql(url, connections, deadlines)
  shared[place] = { db: drizzle(pool.sql, { schema }), ...pool }
  return shared[place].db
}

export function database(): Database {
  if (!shared[place]) throw new Error('connect() first')
  return shared[place].db
}

/**
 * The driver itself, for the two statements that every purchase runs: drizzle's overhead per row costs as much as the
 * row (docs/performance.md). Statements are prepared; times are returned as text.
 */
export function driver(): postgres.Sql {
  if (!shared[place]) throw new Error('connect() first')
  return shared[place].sql
}

export async function disconnect(): Promise<void> {
  const pool = shared[place]
  delete shared[place]
  await pool?.end()
}

/** Retires all open connections, after the server has been replaced. */
export function renewConnections(): void {
  shared[place]?.renew()
}

/** Runs `work` in one transaction. If it throws, everything is rolled back. */
export function transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
  return database().transaction(work)
}
