import { connect, disconnect } from '#db/client.ts'
import { claimDeployment, deploymentOwner } from '#db/deployment.ts'
import { grantRunTime } from '#db/grants.ts'
import { migrateDatabase } from '#db/migrate.ts'
import { writeAuditRetention } from '../audit/retention.ts'
import { checkKeys } from '../keys/fingerprints.ts'
import { makePartitions } from '../partitions.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { mode } from '../platform/demo-mode.ts'
import { log } from '../platform/log.ts'
import { ConfigError } from '../platform/variable.ts'
import { causeOf } from './cause.ts'

/**
 * Whether the keys must be those that the database was filled with. The command that repairs just that skips the check.
 */
export type KeyCheck = 'keys-checked' | 'keys-unchecked'

/**
 * Migrates the database to the newest schema, after making sure that it belongs to this mode (production or demo);
 * another mode's database is left alone. Then checks that it was filled with these keys. Connects as the role that owns
 * the tables, if that is a different one.
 */
export async function prepareDatabase(check: KeyCheck = 'keys-checked'): Promise<void> {
  const { databaseURL, databaseOwnerURL, databaseDeadlines } = config()
  const ownerURL = databaseOwnerURL ?? databaseURL
  try {
    connect(ownerURL, { connections: 1, deadlines: databaseDeadlines })
    assertSameMode(await deploymentOwner())
    await migrateDatabase(ownerURL)
    assertSameMode(await claimDeployment(mode().name))
    await writeAuditRetention()
    // A lock may be taken for longer than it is waited for: then the worker tries again.
    await makePartitions(now()).catch(error => log.error('partition.not-made', { error }))
    if (ownerURL !== databaseURL) await grantRunTime(ownerURL, databaseURL)
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

function assertSameMode(owner: string | undefined): void {
  const { name } = mode()
  if (owner === undefined || owner === name) return
  throw new ConfigError(`DATABASE_URL must be a database of ${name}, but this one belongs to ${owner}`)
}
