import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

const folder = fileURLToPath(new URL('./migrations', import.meta.url))
/**
 * An arbitrary number, the same in all processes: the holder of this lock migrates, the others wait and then find
 * nothing to do.
 */
export const migrationLock = 7_317_331

/** Brings a database to the newest schema. Safe for several processes at once. */
export async function migrateDatabase(url: string): Promise<void> {
  // No deadline for statements: building an index over millions of rows takes long, and so does waiting for another
  // process that builds it. TCP keep-alive detects a dead host.
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10, keep_alive: 10 })
  try {
    await sql`select pg_advisory_lock(${migrationLock})`
    await migrate(drizzle(sql), { migrationsFolder: folder })
  } finally {
    await sql.end({ timeout: 5 })
  }
}
