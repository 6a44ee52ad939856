import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import { withDeployment } from './deployment.ts'

const usage = `safekey migrate    brings the database to the newest schema, as each start does`

try {
  readArguments({ options: {} }, usage)
  // Each command migrates the database before it begins.
  await withDeployment(async () => {
    console.log('The database has the newest schema.')
    return 0
  })
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
