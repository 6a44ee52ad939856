import { database } from '#db/client.ts'
import { operatorCommandsOf } from '#db/queries/operator-commands.ts'
import { withInstallation } from './installation.ts'

const usage = `safekey commands list    what operators changed, one JSON object a line, the newest first (1,000 at most)`

if (process.argv.slice(2).join(' ') !== 'list') {
  console.error(usage)
  process.exitCode = 1
} else {
  await withInstallation(async () => {
    for (const row of await operatorCommandsOf(database(), 1000)) console.log(JSON.stringify(row))
    return 0
  })
}
