import { database } from '#db/client.ts'
import { auditEventsByType } from '#db/queries/audit.ts'
import { operatorEvents } from '#domain/audit/events.ts'
import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import { withDeployment } from './deployment.ts'

const usage = `safekey commands list    what operators changed, one JSON object a line, the newest first (1,000 at most)`

try {
  const { positionals } = readArguments({ allowPositionals: true, options: {} }, usage)
  if (positionals.join(' ') !== 'list') throw new ConfigError(usage)
  await withDeployment(async () => {
    for (const { fields, cardholder, ...event } of await auditEventsByType(database(), operatorEvents, 1000))
      console.log(JSON.stringify({ ...event, ...(cardholder && { cardholder }), ...fields }))
    return 0
  })
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
