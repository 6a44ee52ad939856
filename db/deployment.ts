import { getTableName, sql } from 'drizzle-orm'
import { database } from './client.ts'
import { deployment } from './schema.ts'

/**
 * Marks a new database as production's or the demo's, and answers whose it is. A demo has doors that production must not
 * have, so neither may ever run on the other's data.
 */
export async function claimDeployment(mode: 'production' | 'demo'): Promise<'production' | 'demo'> {
  await database().insert(deployment).values({ mode }).onConflictDoNothing()
  const [row] = await database().select().from(deployment)
  return row?.mode ?? mode
}

/** Whose a database is; undefined when it is unclaimed, and may not even have tables. */
export async function deploymentOwner(): Promise<'production' | 'demo' | undefined> {
  const [table] = await database().execute(sql`select to_regclass(${getTableName(deployment)}) as name`)
  if (!table?.name) return undefined
  const [row] = await database().select().from(deployment)
  return row?.mode
}
