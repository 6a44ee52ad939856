import { connect, disconnect } from '#db/client.ts'
import { commandDeadlines } from '#db/deadlines.ts'
import { openDatabase } from '../database.ts'
import { loadEnvFile } from '../platform/config.ts'
import { ConfigError } from '../platform/variable.ts'

/** Runs a command on this installation's database, and says in one line what is wrong with its configuration. */
export async function withInstallation(
  work: () => Promise<number>,
  check?: Parameters<typeof openDatabase>[1],
): Promise<void> {
  try {
    loadEnvFile()
    const { url, stop } = await openDatabase(line => console.error(line), check)
    try {
      connect(url, { connections: 4, deadlines: commandDeadlines })
      process.exitCode = await work()
    } finally {
      await disconnect()
      await stop()
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
