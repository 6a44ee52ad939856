import { z } from 'zod'
import { type PolicySignals, type SignalName, signalTable } from '#domain/risk/history/signal-table.ts'
import { definitionOf, readCondition } from './condition.ts'
import { evaluate } from './evaluate.ts'
import { type Policy, type PolicyCondition, type PolicyRule, policyOutcomes, type Thresholds } from './policy.ts'
import { reasonKeys } from './reasons.ts'

/** A `ds` process reads a policy between two AReqs (0.1 s for the largest), and evaluates it for each (0.2 ms). */
const [mostCharacters, mostRules] = [200_000, 300]

// A policy is a JSON document. This file says what is wrong with one, in words that name the table and the rule.

const id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'takes small letters, digits and hyphens, 64 at most')
const about = z.string().min(1).max(500)
const score = z.int().min(-1000).max(1000)
const outcome = z.enum(policyOutcomes)

const ruleSchema = z.strictObject({
  id,
  when: z.record(z.string(), z.unknown()),
  score: score.optional(),
  atLeast: outcome.exclude(['frictionless']).optional(),
  reason: z.enum(reasonKeys).exclude(['nothing-unusual']),
})
const tableSchema = z.strictObject({
  id,
  about: about.optional(),
  combine: z.enum(['sum', 'highest']),
  rules: z.array(ruleSchema).min(1).max(200),
})
const exampleSchema = z.strictObject({
  about,
  signals: z.record(z.string(), z.unknown()),
  outcome,
})
const policySchema = z.strictObject({
  id,
  version: z.int().min(1).max(999_999_999),
  name: about,
  tables: z.array(tableSchema).min(1).max(50),
  thresholds: z.strictObject({
    challenge: score.min(1),
    'challenge-on-device': score.min(1).optional(),
    refuse: score.min(1).optional(),
  }),
  examples: z.array(exampleSchema).min(1).max(200),
})

type Document = z.infer<typeof policySchema>
type RuleDocument = z.infer<typeof ruleSchema>

export type ReadPolicy = { readonly policy: Policy } | { readonly problems: readonly [string, ...string[]] }

/** Reads a policy, and tries its own examples. A policy with a problem is not used at all. */
export function readPolicy(text: string): ReadPolicy {
  const json = parse(text)
  if ('problem' in json) return { problems: [json.problem] }
  const parsed = policySchema.safeParse(json.value)
  if (!parsed.success)
    return failed(parsed.error.issues.map(issue => `${place(json.value, issue.path)}${inWords(issue)}`))
  const rules = parsed.data.tables.reduce((sum, table) => sum + table.rules.length, 0)
  if (rules > mostRules) return { problems: [`the tables have ${rules} rules together, and may have ${mostRules}`] }
  const problems = [...duplicates(parsed.data), ...thresholdProblems(parsed.data.thresholds)]
  const tables = parsed.data.tables.map(({ id: table, combine, rules }) => ({
    id: table,
    combine,
    rules: rules.map(rule => readRule(rule, table, combine, problems)),
  }))
  const { id, version, name, thresholds } = parsed.data
  const policy = { id, version, name, tables, thresholds }
  // An example would only repeat what is wrong with a rule.
  if (problems.length === 0) problems.push(...parsed.data.examples.flatMap(example => tryExample(example, policy)))
  return problems.length === 0 ? { policy } : failed(problems)
}

function failed([first = 'is not a policy', ...others]: readonly string[]): ReadPolicy {
  return { problems: [first, ...others] }
}

function parse(text: string): { readonly value: unknown } | { readonly problem: string } {
  if (text.length > mostCharacters) return { problem: 'the file has more than 200,000 characters' }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    const position = /position (\d+)/.exec(String(error))?.[1]
    const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n')
    return { problem: `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: this is not JSON` }
  }
}

/** Where in the document: the tables, rules and examples by their names. */
function place(document: unknown, path: readonly PropertyKey[]): string {
  const words: string[] = []
  let value = document
  for (const [i, key] of path.entries()) {
    value =
      typeof value === 'object' && value !== null ? (value as Readonly<Record<PropertyKey, unknown>>)[key] : undefined
    if (typeof key !== 'number') continue
    const named = value as { readonly id?: unknown; readonly about?: unknown } | undefined
    const name =
      typeof named?.id === 'string' ? named.id : typeof named?.about === 'string' ? `“${named.about}”` : key + 1
    words.push(`${String(path[i - 1]).replace(/s$/, '')} ${name}`)
  }
  const last = path.at(-1)
  if (typeof last === 'string') words.push(last)
  return words.length === 0 ? '' : `${words.join(', ')}: `
}

function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has ${issue.keys.join(', ')}, which a policy does not have here`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  return issue.message
}

function readRule(rule: RuleDocument, table: string, combine: 'sum' | 'highest', problems: string[]): PolicyRule {
  const where = `table ${table}, rule ${rule.id}`
  const { score = 0, atLeast } = rule
  const conditions = Object.entries(rule.when).flatMap(([signal, cell]): PolicyCondition[] => {
    const definition = definitionOf(signal)
    if (!definition) {
      problems.push(`${where}: reads ${signal}, which is not a signal`)
      return []
    }
    const read = readCondition(definition, cell)
    if ('problem' in read) {
      problems.push(`${where}: ${signal} ${read.problem}`)
      return []
    }
    const { riskier } = definition
    // A rule that raises the score must pick out the riskier values, and all of them: more risk never lowers the score.
    if (riskier && read.towards !== 'neither' && (read.towards === riskier) !== (score > 0 || atLeast !== undefined))
      problems.push(`${where}: ${signal} is riskier when ${riskier}, and the rule says the opposite`)
    if (riskier && read.towards === 'neither' && !isUnknown(cell))
      problems.push(`${where}: ${signal} is riskier when ${riskier}, so the rule may not limit it on both sides`)
    // Otherwise a thief would lower the score by not saying it.
    const raises = score > 0 || atLeast !== undefined
    if (definition.withheld && read.holds(undefined) !== raises)
      problems.push(
        `${where}: ${signal} can be withheld, so the rule must ${raises ? '' : 'not '}hold for an unknown one ("orUnknown": true)`,
      )
    return [{ signal: signal as SignalName, holds: read.holds }]
  })
  if (Object.keys(rule.when).length === 0) problems.push(`${where}: has no condition`)
  if (score === 0 && atLeast === undefined) problems.push(`${where}: has neither a score nor an outcome (atLeast)`)
  if (score < 0 && atLeast !== undefined) problems.push(`${where}: lowers the score and requires an outcome`)
  if (score < 0 && combine === 'highest') problems.push(`${where}: lowers the score in a table that takes the highest`)
  return { id: rule.id, conditions, score, atLeast, reason: rule.reason }
}

function isUnknown(cell: unknown): boolean {
  return typeof cell === 'object' && cell !== null && 'unknown' in cell
}

function duplicates({ tables }: Document): string[] {
  const names = [
    ...tables.map(({ id }) => `table ${id}`),
    ...tables.flatMap(({ rules }) => rules.map(({ id }) => `rule ${id}`)),
  ]
  return [...new Set(names.filter((name, i) => names.indexOf(name) < i))].map(name => `${name}: is there twice`)
}

function thresholdProblems({ challenge, 'challenge-on-device': onDevice, refuse }: Thresholds): string[] {
  const given = [challenge, onDevice, refuse].filter(each => each !== undefined)
  const isRising = given.every((each, i) => i === 0 || each > (given[i - 1] ?? 0))
  return isRising ? [] : ['thresholds: a stricter outcome needs a higher score']
}

function tryExample({ about, signals, outcome }: Document['examples'][number], policy: Policy): string[] {
  const wrong = Object.entries(signals).flatMap(([signal, value]) => {
    const definition = definitionOf(signal)
    if (!definition) return [`example “${about}”: has ${signal}, which is not a signal`]
    const type = definition.type === 'text' ? 'string' : definition.type
    return typeof value === type ? [] : [`example “${about}”: ${signal} must be a ${definition.type}`]
  })
  if (wrong.length > 0) return wrong
  const found = evaluate(withUnknown(signals as Partial<PolicySignals>), policy)
  if (found.outcome === outcome) return []
  const rules = found.reasons.map(({ rule, score }) => `${rule} ${score}`).join(', ')
  return [`example “${about}”: should be ${outcome}, but is ${found.outcome} with a score of ${found.score} (${rules})`]
}

/** Signals of which only some are known. */
export function withUnknown(signals: Partial<PolicySignals>): PolicySignals {
  const names = Object.keys(signalTable) as SignalName[]
  return Object.fromEntries(names.map(name => [name, signals[name]])) as PolicySignals
}
