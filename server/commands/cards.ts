import { statSync } from 'node:fs'
import { Presets, SingleBar } from 'cli-progress'
import { transaction } from '#db/client.ts'
import { auditOperator } from '../audit/audit.ts'
import { importCards } from '../issuer/import-cards.ts'
import { unlockCards } from '../issuer/unlock-cards.ts'
import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import { printActivationCodes } from './activation.ts'
import { withDeployment } from './deployment.ts'
import { operatorName, operatorText } from './operator.ts'

const usage = `safekey cards import FILE             FILE: one JSON object a line (docs/cards.md)
safekey cards activation ID [ID …]    codes for letters to these cardholders (your own ids), one JSON object a line
safekey cards activation --all        codes for all who are not enrolled in online services
safekey cards unlock ID --reason TEXT  accept codes again for all cards of this cardholder, whatever wrong codes were
                                      entered before (docs/limits.md)
    --by NAME    who does it, kept with what was done; without it, the name of your account on this machine`

try {
  const { positionals, values } = readArguments(
    {
      allowPositionals: true,
      options: { all: { type: 'boolean', default: false }, by: { type: 'string' }, reason: { type: 'string' } },
    },
    usage,
  )
  const [command, ...rest] = positionals
  const { all } = values
  const by = operatorText('--by', values.by) || operatorName()
  const [file] = rest
  const reason = operatorText('--reason', values.reason)
  if (command === 'unlock' && file && rest.length === 1 && reason && !all) {
    await withDeployment(() => unlock(file, by, reason))
  } else if (values.reason !== undefined) {
    throw new ConfigError(usage)
  } else if (command === 'activation' && all !== rest.length > 0) {
    await withDeployment(() => printActivationCodes(rest, all, by))
  } else if (command === 'import' && file && rest.length === 1 && !all) {
    const size = sizeOf(file)
    if (size === undefined) throw new ConfigError(`${file} must be a file that can be read`)
    await withDeployment(() => run(file, size, by))
  } else throw new ConfigError(usage)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function unlock(id: string, by: string, reason: string): Promise<number> {
  const cards = await unlockCards({ id, by, reason })
  if (cards === undefined) console.error(`${id}: no such cardholder`)
  else console.log(`Codes are accepted again for ${cards} cards of ${id}.`)
  return cards === undefined ? 2 : 0
}

async function run(file: string, size: number, by: string): Promise<number> {
  const bar = new SingleBar(
    { format: '{bar} {percentage}% | {eta_formatted} left', noTTYOutput: false },
    Presets.shades_classic,
  )
  bar.start(size, 0)
  const complaints: string[] = []
  const result = await importCards(file, {
    bytes: done => bar.update(done),
    bad: (line, reason) => {
      // On a terminal they follow the progress bar; otherwise they are printed at once, since the list may be long.
      if (process.stderr.isTTY) complaints.push(`line ${line}: ${reason}`)
      else console.error(`line ${line}: ${reason}`)
    },
  })
  bar.stop()
  const { imported, bad } = result
  await transaction(tx => auditOperator(tx, { type: 'cards-imported', by, imported, bad }))
  for (const complaint of complaints) console.error(complaint)
  console.log(`${result.imported} cards imported, ${result.bad} lines left out`)
  return result.bad > 0 ? 2 : 0
}

function sizeOf(path: string): number | undefined {
  try {
    const stat = statSync(path)
    return stat.isFile() ? stat.size : undefined
  } catch {
    return undefined
  }
}
