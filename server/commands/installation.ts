import { connect, disconnect } from '#db/client.ts'
import { startEmbedded } from '#db/embedded.ts'
import { prepareDatabase } from '../database.ts'
import { ConfigError, config, loadEnvFile } from '../platform/config.ts'

/** Runs a command on this installation's database, and says in one line what is wrong with its configuration. */
export async function withInstallation(work: () => Promise<number>): Promise<void> {
  try {
    loadEnvFile()
    const { databaseURL, dataDir } = config()
    const embedded = databaseURL === undefined ? await startEmbedded(dataDir, line => console.error(line)) : undefined
    try {
      const url = databaseURL ?? embedded?.url ?? ''
      await prepareDatabase(url)
      connect(url, 4)
      process.exitCode = await work()
    } finally {
      await disconnect()
      await embedded?.stop()
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
