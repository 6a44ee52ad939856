import { connect, disconnect } from '#db/client.ts'
import { claimInstallation } from '#db/installation.ts'
import { migrateDatabase } from '#db/migrate.ts'
import { ConfigError } from './platform/config.ts'
import { stage } from './platform/stage.ts'

/** Brings a database to the newest schema and makes sure that it is one of this stage's. */
export async function prepareDatabase(url: string): Promise<void> {
  try {
    await migrateDatabase(url)
    connect(url, 1)
    const owner = await claimInstallation(stage().name)
    if (owner !== stage().name) {
      throw new ConfigError(`DATABASE_URL must be a database of ${stage().name}, but this one belongs to ${owner}`)
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    throw new ConfigError(
      `DATABASE_URL must be a database that can be reached and changed, but it cannot${code}, for example DATABASE_URL=postgres://safekey:secret@db.internal/safekey`,
    )
  } finally {
    await disconnect()
  }
}
