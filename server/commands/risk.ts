import { readFileSync, writeFileSync } from 'node:fs'
import { heldOutSeeds, tuningSeeds } from '#domain/risk/generator/seeds.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import { readPolicy } from '#domain/risk/policy/read-policy.ts'
import { replayGenerated } from '#domain/risk/replay/replay.ts'
import { differences, tally } from '#domain/risk/replay/tally.ts'
import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import { htmlReport } from '../risk/report-html.ts'
import { textDifferences, textReport } from '../risk/report-text.ts'

const usage = `safekey risk check FILE
safekey risk replay [--policy FILE] [--against FILE] [--seed N …] [--held-out] [--cards N] [--report FILE.html]
    check       says what is wrong with a policy, and tries its examples; ends with 2 if it may not be used
    replay      runs a policy over generated payments of half a year, fraud among them: what it challenges and stops.
                Needs no database, and changes nothing
    --policy    the policy; otherwise the default policy, domain/risk/policies/japan.json
    --against   another policy, to see which payments get another outcome
    --seed      of the generated history, a whole number, repeatable; otherwise ${tuningSeeds[0]}
    --held-out  the seeds ${heldOutSeeds.join(', ')}: to judge a policy, never to tune it
    --cards     how many, 100 to 20,000; otherwise 2,000
    --report    writes the report as an HTML file as well, with a picture
    docs/risk.md`

const defaultPolicy = new URL('../../domain/risk/policies/japan.json', import.meta.url)

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments(
    {
      allowPositionals: true,
      options: {
        policy: text,
        against: text,
        seed: { type: 'string', multiple: true },
        'held-out': { type: 'boolean' },
        cards: text,
        report: text,
      },
    },
    usage,
  )
  const [command, file, ...others] = positionals
  if (others.length > 0) throw new ConfigError(usage)
  if (command === 'check' && file !== undefined && Object.keys(values).length === 0) checkPolicy(file)
  else if (command === 'replay' && file === undefined) replay(values)
  else throw new ConfigError(usage)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

function checkPolicy(file: string): void {
  const read = readPolicy(readText(file))
  if ('problems' in read) {
    console.log(`${file} may not be used:\n${read.problems.map(problem => `  ${problem}`).join('\n')}`)
    process.exitCode = 2
    return
  }
  const { id, version, tables } = read.policy
  const rules = tables.reduce((sum, table) => sum + table.rules.length, 0)
  console.log(`${file}: ${id} ${version} has ${rules} rules, and its examples have their outcomes`)
}

interface ReplayValues {
  readonly policy?: string | undefined
  readonly against?: string | undefined
  readonly seed?: readonly string[] | undefined
  readonly 'held-out'?: boolean | undefined
  readonly cards?: string | undefined
  readonly report?: string | undefined
}

function replay({
  policy,
  against,
  seed,
  'held-out': heldOut = false,
  cards: given = '2000',
  report,
}: ReplayValues): void {
  if (seed && heldOut) throw new ConfigError('--seed and --held-out exclude each other')
  const seeds = heldOut
    ? heldOutSeeds
    : seed
      ? seed.map(each => wholeNumber('--seed', each, 0, 2 ** 31))
      : tuningSeeds.slice(0, 1)
  const cards = wholeNumber('--cards', given, 100, 20_000)
  const policies = [policyIn(policy ?? defaultPolicy), ...(against === undefined ? [] : [policyIn(against)])]
  const judged = replayGenerated(policies, { seeds, cards })
  const histories = `${cards.toLocaleString('en')} cards, seed ${seeds.join(', ')}; amounts in yen; fraud is many times as frequent as in reality`
  const reports = policies.map((each, i) => ({
    name: `${each.id} ${each.version}`,
    threshold: each.thresholds.challenge,
    tally: tally(judged[i] ?? [], each),
  }))
  for (const { name, tally: found } of reports) console.log(`${textReport(`${name}: ${histories}`, found)}\n`)
  const [first, second] = judged
  // What changes when the policy replaces the other one.
  const found = first && second ? differences(second, first) : []
  if (second) console.log(textDifferences(`From ${reports[1]?.name} to ${reports[0]?.name}`, found))
  if (report !== undefined) writeText(report, htmlReport(histories, reports, found))
}

function policyIn(file: string | URL): Policy {
  const read = readPolicy(readText(file))
  if ('problems' in read)
    throw new ConfigError(`${file} may not be used:\n${read.problems.map(problem => `  ${problem}`).join('\n')}`)
  return read.policy
}

function readText(file: string | URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new ConfigError(`${file} cannot be read`)
  }
}

function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch {
    throw new ConfigError(`${file} cannot be written`)
  }
}

function wholeNumber(option: string, value: string, least: number, most: number): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < least || number > most)
    throw new ConfigError(`${option} must be a whole number from ${least} to ${most}, not ${value}`)
  return number
}
