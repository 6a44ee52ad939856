import { database } from '#db/client.ts'
import { auditEventsByType } from '#db/queries/audit.ts'
import { operatorEvents } from '#domain/audit/events.ts'
import { withInstallation } from './installation.ts'

const usage = `safekey commands list    what operators changed, one JSON object a line, the newest first (1,000 at most)`

if (process.argv.slice(2).join(' ') !== 'list') {
  console.error(usage)
  process.exitCode = 1
} else {
  await withInstallation(async () => {
    for (const { fields, cardholder, ...event } of await auditEventsByType(database(), operatorEvents, 1000))
      console.log(JSON.stringify({ ...event, ...(cardholder && { cardholder }), ...fields }))
    return 0
  })
}
