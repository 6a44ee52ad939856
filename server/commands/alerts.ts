import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import { closeAlert, listAlerts } from '../watch/alerts.ts'
import { withDeployment } from './deployment.ts'
import { operatorText } from './operator.ts'

const usage = `safekey alerts list [--all]
    Alerts that are not closed, one JSON object a line, the oldest first (1,000 at most): id, rule, subject, count, your own
    id of the cardholder and the last four digits of the card, state (waiting, sent, acknowledged, closed), times.
    --all     closed ones, too.
safekey alerts close ID --by NAME --reason TEXT
    --by      who has dealt with it, --reason what was found: both are kept.
    Ends with 0, or with 2 where there is no such alert, or it is closed.`

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments(
    { allowPositionals: true, options: { by: text, reason: text, all: { type: 'boolean' } } },
    usage,
  )
  const [command, id, ...others] = positionals
  const { by, reason, all = false } = values
  const named = [operatorText('--by', by), operatorText('--reason', reason)]
  if (command === 'list' && id === undefined && by === undefined && reason === undefined) {
    await withDeployment(async () => {
      for (const alert of await listAlerts(all)) console.log(JSON.stringify(alert))
      return 0
    })
  } else if (command === 'close' && id && others.length === 0 && !all && named.every(value => value !== '')) {
    const [operator = '', why = ''] = named
    await withDeployment(async () => {
      const { kind } = await closeAlert(id, operator, why)
      if (kind === 'closed') console.log('Closed.')
      else console.error(`${id}: no open alert`)
      return kind === 'closed' ? 0 : 2
    })
  } else throw new ConfigError(usage)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
