import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { readLost, reconcile } from '../issuer/reconcile.ts'
import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import { withDeployment } from './deployment.ts'
import { operatorText } from './operator.ts'

const usage = `safekey reconcile LOG [LOG …] --since TIME --by NAME --reason TEXT
    After the database was restored, before the product starts on it (docs/backup.md).
    LOG       the product's log lines since the backup, of every process, one JSON object a line.
    --since   the moment at which the restored data ends, such as 2026-11-27T10:00:00Z.
    --by      who does it, --reason why: both are kept.`

try {
  const text = { type: 'string' } as const
  const { values, positionals: files } = readArguments(
    { allowPositionals: true, options: { since: text, by: text, reason: text } },
    usage,
  )
  const [by, reason] = [operatorText('--by', values.by), operatorText('--reason', values.reason)]
  const since = Date.parse(values.since ?? '')
  if (files.length === 0 || !by || !reason || Number.isNaN(since)) throw new ConfigError(usage)
  await withDeployment(async () => {
    const lost = await readLost(lines(files), since)
    const { reported, unknown, results, messages } = await reconcile(lost, { since, by, reason })
    console.log(`Every session has ended.
${reported} cardholders have an open report: safekey reports list
${unknown} cardholders of the log are not in the database: import the newest list of cards
${results} challenges ended whose result was delivered already
${messages} messages left out that were sent already`)
    if (lost.unread > 0) console.error(`${lost.unread} lines are no log lines and were left out`)
    return 0
  })
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function* lines(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) {
    try {
      yield* createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
    } catch {
      throw new ConfigError(`${file} must be a file that can be read`)
    }
  }
}
