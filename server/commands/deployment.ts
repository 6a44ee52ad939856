import { connect, disconnect } from '#db/client.ts'
import { commandDeadlines } from '#db/deadlines.ts'
import { type KeyCheck, prepareDatabase } from '../database/prepare.ts'
import { config, loadEnvFile } from '../platform/config.ts'
import { logToStandardError } from '../platform/log.ts'
import { ConfigError } from '../platform/variable.ts'

/** Runs a command on this deployment's database, and prints in one line what is wrong with its configuration. */
export async function withDeployment(work: () => Promise<number>, check?: KeyCheck): Promise<void> {
  try {
    loadEnvFile()
    logToStandardError()
    await prepareDatabase(check)
    try {
      connect(config().databaseURL, { connections: 4, deadlines: commandDeadlines })
      process.exitCode = await work()
    } finally {
      await disconnect()
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
