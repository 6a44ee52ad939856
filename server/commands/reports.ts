import { listReports, resolveByOperator } from '../issuer/reports.ts'
import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import { withDeployment } from './deployment.ts'
import { operatorText } from './operator.ts'

const usage = `safekey reports list
    Open reports, one JSON object a line, the oldest first: id, your own id of the cardholder, what was reported, when,
    and since when things are in dispute.
safekey reports resolve ID --by NAME --reason TEXT [--theirs]
    ID        your own id of a cardholder, or the id of a report: all open reports of that cardholder are resolved.
    --by      who decides, --reason why: both are kept.
    --theirs  it was the cardholder after all: contacts in dispute receive codes again. Without it they have ended, and the
              passkeys, devices and trusted shops that were added since the dispute begins are removed.
    Ends with 0, or with 2 where there is no open report.`

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments(
    { allowPositionals: true, options: { by: text, reason: text, theirs: { type: 'boolean' } } },
    usage,
  )
  const [command, id, ...others] = positionals
  const { by, reason, theirs = false } = values
  const named = [operatorText('--by', by), operatorText('--reason', reason)]
  if (command === 'list' && id === undefined && by === undefined && reason === undefined && !theirs) {
    await withDeployment(async () => {
      for (const report of await listReports()) console.log(JSON.stringify(report))
      return 0
    })
  } else if (command === 'resolve' && id && others.length === 0 && named.every(value => value !== '')) {
    const [operator = '', why = ''] = named
    await withDeployment(async () => {
      const resolution = theirs ? 'was-me' : 'dealt-with'
      const { kind } = await resolveByOperator({ id, by: operator, reason: why, resolution })
      if (kind === 'resolved') console.log('Resolved. The cardholder is notified on every contact.')
      else console.error(`${id}: no open report`)
      return kind === 'resolved' ? 0 : 2
    })
  } else throw new ConfigError(usage)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
