import { getTableName, sql } from 'drizzle-orm'
import { database } from './client.ts'
import { deployment } from './schema.ts'

/**
 * Marks a new database as belonging to production or the demo, and returns which it belongs to. A demo has functions
 * that production must not have, so neither may ever run on the other's data.
 */
export async function claimDeployment(mode: 'production' | 'demo'): Promise<'production' | 'demo'> {
  await database().insert(deployment).values({ mode }).onConflictDoNothing()
  const [row] = await database().select().from(deployment)
  return row?.mode ?? mode
}

/**
 * Whether a database belongs to production or the demo; undefined if it is unclaimed. It may not even have tables yet.
 */
export async function deploymentOwner(): Promise<'production' | 'demo' | undefined> {
  const [table] = await database().execute(sql`select to_regclass(${getTableName(deployment)}) as name`)
  if (!table?.name) return undefined
  const [row] = await database().select().from(deployment)
  return row?.mode
}
