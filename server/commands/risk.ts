import { readFileSync, writeFileSync } from 'node:fs'
import type { PolicyName } from '#db/queries/risk-policies.ts'
import { currencyCode } from '#domain/kernel/iso.ts'
import { heldOutSeeds, tuningSeeds } from '#domain/risk/generator/seeds.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import { readPolicy } from '#domain/risk/policy/read-policy.ts'
import { replayGenerated } from '#domain/risk/replay/replay.ts'
import type { Judged } from '#domain/risk/replay/run.ts'
import { differences, tally } from '#domain/risk/replay/tally.ts'
import { readArguments } from '../platform/arguments.ts'
import { ConfigError } from '../platform/variable.ts'
import type { Operator } from '../risk/policy-steps.ts'
import { htmlReport } from '../risk/report-html.ts'
import { textDifferences, textReport } from '../risk/report-text.ts'
import { operatorName, operatorText } from './operator.ts'

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
safekey risk replay --stored [--policy FILE] [--against FILE] [--from TIME] [--to TIME] [--report FILE.html]
    the same over stored payments, with the signals that were known then; those that cardholders reported are the fraud
    --against   otherwise the active policy, if there is one
    --from, --to  such as 2026-11-27T10:00:00Z; otherwise the last 30 days
safekey risk add FILE [--by NAME]
    adds a version of a policy, as a draft. A version never changes.
safekey risk list
    the policies, one JSON object a line, those added last first
safekey risk show ID VERSION [--signed-text]
    the file as it was added; --signed-text: the text that signers sign
safekey risk test ID VERSION [--cards N] [--by NAME]
    tries its examples, and runs it over generated payments; compares it with the active policy, and records the result
safekey risk sign ID VERSION --signer NAME (--key FILE | --signature FILE) --by NAME --reason TEXT
    keeps a signature of a tested version, made with the private key in a file (PEM or JWK), or made elsewhere
safekey risk activate ID VERSION --by NAME --reason TEXT
    has it decide, in place of the active one
safekey risk shadow ID VERSION --by NAME --reason TEXT
    has what it would decide recorded only, beside the active one
safekey risk stop ID VERSION --by NAME --reason TEXT
    ends either
safekey risk signer NAME FILE
    prints what risk.signers in ISSUER_FILE needs, from a key as PEM or JWK
    --by        who decides, by default for add and test the name of your account on this machine; --reason why: both are kept.
    These end with 0, or with 2 where the step is refused. docs/risk.md`

const defaultPolicy = new URL('../../domain/risk/policies/japan.json', import.meta.url)

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments(
    {
      allowPositionals: true,
      options: {
        ...{ policy: text, against: text, cards: text, report: text, by: text, reason: text },
        ...{ signer: text, key: text, signature: text, from: text, to: text },
        stored: { type: 'boolean' },
        seed: { type: 'string', multiple: true },
        'held-out': { type: 'boolean' },
        'signed-text': { type: 'boolean' },
      },
    },
    usage,
  )
  const [command, ...rest] = positionals
  const [first = '', second = ''] = rest
  const given = Object.keys(values)
  const permits = (words: number, ...options: string[]) =>
    rest.length === words && given.every(option => options.includes(option))
  if (command === 'check' && permits(1)) checkPolicy(first)
  else if (command === 'replay' && permits(0, 'policy', 'against', 'seed', 'held-out', 'cards', 'report'))
    replay(values)
  else if (command === 'replay' && values.stored && permits(0, 'stored', 'policy', 'against', 'from', 'to', 'report'))
    await run(() => replayOfStored(values))
  else if (command === 'signer' && permits(2)) (await policies()).printSigner(signerNamed(first), second)
  else if (command === 'add' && permits(1, 'by')) await run(({ add }) => add(first, operator(values)))
  else if (command === 'list' && permits(0)) await run(({ list }) => list())
  else if (command === 'show' && permits(2, 'signed-text')) {
    const name = version(first, second)
    await run(({ show }) => show(name, values['signed-text'] ? 'signed-text' : 'document'))
  } else if (command === 'test' && permits(2, 'cards', 'by')) {
    const [name, cards] = [version(first, second), cardsIn(values.cards)]
    await run(({ test }) => test(name, cards, operator(values)))
  } else if (command === 'sign' && permits(2, 'signer', 'key', 'signature', 'by', 'reason')) {
    const [name, by, { signer, key, signature }] = [version(first, second), responsible(values), values]
    if (signer === undefined || (key === undefined) === (signature === undefined)) throw new ConfigError(usage)
    await run(({ sign }) => sign(name, signerNamed(signer), { key, signature }, by))
  } else if ((command === 'activate' || command === 'shadow') && permits(2, 'by', 'reason')) {
    const [name, by] = [version(first, second), responsible(values)]
    await run(({ startUse }) => startUse(name, command === 'activate' ? 'active' : 'shadow', by))
  } else if (command === 'stop' && permits(2, 'by', 'reason')) {
    const [name, by] = [version(first, second), responsible(values)]
    await run(({ stop }) => stop(name, by))
  } else throw new ConfigError(usage)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** What needs the database is loaded only where it is needed: check and replay run anywhere. */
function policies() {
  return import('./risk-policies.ts')
}

async function run(step: (commands: Awaited<ReturnType<typeof policies>>) => Promise<number>): Promise<void> {
  const [commands, { withDeployment }] = [await policies(), await import('./deployment.ts')]
  await withDeployment(() => {
    commands.settings()
    return step(commands)
  })
}

interface OperatorValues {
  readonly by?: string | undefined
  readonly reason?: string | undefined
}

function operator({ by }: OperatorValues): Operator {
  return { by: operatorText('--by', by) || operatorName() }
}

/** For a step that changes what is decided, who and why must be said. */
function responsible(values: OperatorValues): Operator {
  const [by, reason] = [operatorText('--by', values.by), operatorText('--reason', values.reason)]
  if (by === '' || reason === '') throw new ConfigError(usage)
  return { by, reason }
}

function version(policyId: string, given: string): PolicyName {
  return { policyId, version: wholeNumber('VERSION', given, 1, 999_999_999) }
}

function signerNamed(name: string): string {
  if (!/^[\w-]{1,32}$/.test(name)) throw new ConfigError('NAME must be 1 to 32 letters, digits, _ or -')
  return name
}

function cardsIn(given = '2000'): number {
  return wholeNumber('--cards', given, 100, 20_000)
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
  readonly report?: string | undefined
}

interface GeneratedValues extends ReplayValues {
  readonly seed?: readonly string[] | undefined
  readonly 'held-out'?: boolean | undefined
  readonly cards?: string | undefined
}

function replay({ policy, against, seed, 'held-out': heldOut = false, cards: given, report }: GeneratedValues): void {
  if (seed && heldOut) throw new ConfigError('--seed and --held-out exclude each other')
  const seeds = heldOut
    ? heldOutSeeds
    : seed
      ? seed.map(each => wholeNumber('--seed', each, 0, 2 ** 31))
      : tuningSeeds.slice(0, 1)
  const cards = cardsIn(given)
  const policies = [policyIn(policy ?? defaultPolicy), ...(against === undefined ? [] : [policyIn(against)])]
  const histories = `${cards.toLocaleString('en')} cards, seed ${seeds.join(', ')}; amounts in yen; fraud is many times as frequent as in reality`
  printReplay(histories, policies, replayGenerated(policies, { seeds, cards }), report)
}

interface StoredValues extends ReplayValues {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

async function replayOfStored({ policy, against, from, to, report }: StoredValues): Promise<number> {
  const { mostStored, replayStored } = await import('../risk/replay-stored.ts')
  const { now } = await import('../platform/clock.ts')
  const { policyNow, settings } = await policies()
  const before = against === undefined ? await policyNow() : policyIn(against)
  const compared = [policyIn(policy ?? defaultPolicy), ...(before ? [before] : [])]
  const until = to === undefined ? now() : time('--to', to)
  const times = { from: from === undefined ? until - 30 * 24 * 3_600_000 : time('--from', from), to: until }
  if (times.from >= times.to) throw new ConfigError('--from must be earlier than --to')
  const judged = await replayStored(compared, times)
  if (!judged)
    throw new ConfigError(`There are more than ${mostStored.toLocaleString('en')} payments: shorten the time`)
  const [first, last] = [times.from, times.to].map(at => new Date(at).toISOString())
  const payments = `stored payments from ${first} to ${last}; amounts in ${currencyCode(settings().currency)}; fraud is what cardholders reported`
  printReplay(payments, compared, judged, report)
  return 0
}

function time(option: string, value: string): number {
  const at = Date.parse(value)
  // A time without a zone would be one of this machine.
  if (!(at >= 0) || !/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(value))
    throw new ConfigError(`${option} must be a time such as 2026-11-27T10:00:00Z, not ${value}`)
  return at
}

/** Prints what the first policy decides, and what changes when it replaces the second. */
function printReplay(
  histories: string,
  policies: readonly Policy[],
  judged: readonly (readonly Judged[])[],
  report: string | undefined,
): void {
  const reports = policies.map((each, i) => ({
    name: `${each.id} ${each.version}`,
    threshold: each.thresholds.challenge,
    tally: tally(judged[i] ?? [], each),
  }))
  for (const { name, tally: found } of reports) console.log(`${textReport(`${name}: ${histories}`, found)}\n`)
  const [first, second] = judged
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
