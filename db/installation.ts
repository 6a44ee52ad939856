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
