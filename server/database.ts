import { connect, disconnect } from '#db/client.ts'
import { startEmbedded } from '#db/embedded.ts'
import { grantRunTime } from '#db/grants.ts'
import { claimInstallation, installationOwner } from '#db/installation.ts'
import { migrateDatabase } from '#db/migrate.ts'
import { writeAuditRetention } from './audit/retention.ts'
import { causeOf } from './database-cause.ts'
import { checkKeys } from './keys/fingerprints.ts'
import { config } from './platform/config.ts'
import { stage } from './platform/stage.ts'
import { ConfigError } from './platform/variable.ts'

export interface OpenDatabase {
  readonly url: string
  /** Starts the built-in server again whenever it has ended; `gone` is called when that fails. */
  keepRunning(gone: (error: Error) => void): void
  /** Stops the built-in server, unless others use it. */
  stop(): Promise<void>
}

/** Whether the keys must be the ones that the database was filled with; a command that mends just that asks for no check. */
type KeyCheck = 'keys-checked' | 'keys-unchecked'

/** The database of this installation, prepared: the configured one, or the built-in one, which is started. */
export async function openDatabase(
  say: (line: string) => void,
  check: KeyCheck = 'keys-checked',
): Promise<OpenDatabase> {
  const { databaseURL, databaseOwnerURL, dataDir } = config()
  if (databaseURL !== undefined) {
    await prepareDatabase(databaseURL, databaseOwnerURL ?? databaseURL, check)
    return { url: databaseURL, keepRunning: () => {}, stop: async () => {} }
  }
  const embedded = await startEmbedded(dataDir, say).catch((error: unknown) => {
    // Its errors say in one line what is in the way.
    const why = error instanceof Error ? error.message : 'the built-in database does not start'
    throw new ConfigError(`DATA_DIR must be a folder for the built-in database: ${why}`)
  })
  try {
    await prepareDatabase(embedded.url, embedded.url, check)
  } catch (error) {
    await embedded.stop()
    throw error
  }
  return { ...embedded, keepRunning: gone => embedded.keepRunning(say, gone) }
}

/**
 * Brings a database to the newest schema and makes sure that it is one of this stage's, filled with these keys; another's is
 * not touched. `ownerURL`: of the role that owns the tables.
 */
async function prepareDatabase(url: string, ownerURL: string, check: KeyCheck): Promise<void> {
  try {
    connect(ownerURL, { connections: 1, deadlines: config().databaseDeadlines })
    assertOurs(await installationOwner())
    await migrateDatabase(ownerURL)
    assertOurs(await claimInstallation(stage().name))
    await writeAuditRetention()
    if (ownerURL !== url) await grantRunTime(ownerURL, url)
    if (check === 'keys-checked') await checkKeys()
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(
      `DATABASE_URL must be a database that can be reached and changed, but ${causeOf(error)}, for example DATABASE_URL=postgres://safekey:secret@db.internal/safekey?sslmode=verify-full`,
    )
  } finally {
    await disconnect()
  }
}

function assertOurs(owner: string | undefined): void {
  const { name } = stage()
  if (owner === undefined || owner === name) return
  throw new ConfigError(
    `DATABASE_URL (or DATA_DIR, where the built-in database lies) must be a database of ${name}, but this one belongs to ${owner}`,
  )
}
