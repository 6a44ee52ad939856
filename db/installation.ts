import { sql } from 'drizzle-orm'
import { database } from './client.ts'
import { installation } from './schema.ts'

/**
 * Marks a new database as production's or the demo's, and answers whose it is. A demo has doors that production must not
 * have, so neither may ever run on the other's data.
 */
export async function claimInstallation(stage: 'production' | 'demo'): Promise<'production' | 'demo'> {
  await database().insert(installation).values({ stage }).onConflictDoNothing()
  const [row] = await database().select().from(installation)
  return row?.stage ?? stage
}

/** Whose a database is; undefined when it is nobody's yet, and may not even have tables. */
export async function installationOwner(): Promise<'production' | 'demo' | undefined> {
  const [table] = await database().execute(sql`select to_regclass('public.installation') as name`)
  if (!table?.name) return undefined
  const [row] = await database().select().from(installation)
  return row?.stage
}
