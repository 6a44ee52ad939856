import { readFileSync } from 'node:fs'
import { type SignalDefinition, signalTable } from '#domain/risk/history/signal-table.ts'

/** The signals as a table. */
export function drawSignals(): string {
  const rows = Object.entries(signalTable).map(([name, signal]: [string, SignalDefinition]) => {
    const { type, unit = '', meaning, from, riskier } = signal
    const direction = riskier === undefined ? '' : type === 'boolean' ? (riskier === 'higher' ? 'yes' : 'no') : riskier
    return `| \`${name}\` | ${type} | ${unit} | ${meaning} | ${from} | ${direction} |`
  })
  return ['| signal | type | unit | meaning | from | riskier |', '| --- | --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}

interface Rule {
  readonly id: string
  readonly when: Readonly<Record<string, unknown>>
  readonly score?: number
  readonly atLeast?: string
}

interface Table {
  readonly id: string
  readonly about: string
  readonly combine: 'sum' | 'highest'
  readonly rules: readonly Rule[]
}

/** The rules of the default policy, a table for each of its tables. */
export function drawDefaultPolicy(): string {
  const file = new URL('../domain/risk/policies/japan.json', import.meta.url)
  const { tables, thresholds } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly tables: readonly Table[]
    readonly thresholds: Readonly<Record<string, number>>
  }
  const sections = tables.map(({ id, about, combine, rules }) => {
    const rows = rules.map(({ id: rule, when, score = 0, atLeast }) => {
      const conditions = Object.entries(when).map(([signal, cell]) => `\`${signal}\` ${inWords(cell)}`)
      return `| ${rule} | ${conditions.join(', ')} | ${score}${atLeast ? `, at least ${atLeast}` : ''} |`
    })
    const head = `**${id}** (${combine === 'sum' ? 'scores are added' : 'the highest score'}). ${about}`
    return [head, '', '| rule | when | score |', '| --- | --- | --- |', ...rows].join('\n')
  })
  const lowest = Object.entries(thresholds).map(([outcome, score]) => `${outcome} from ${score}`)
  return [...sections, `Outcome by score: ${lowest.join(', ')}.`].join('\n\n')
}

function inWords(cell: unknown): string {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  const { orUnknown, ...conditions } = cell as Readonly<Record<string, unknown>>
  const words = Object.entries(conditions).map(([comparison, value]) =>
    comparison === 'unknown' ? (value ? 'unknown' : 'known') : `${names[comparison] ?? comparison} ${show(value)}`,
  )
  return `${words.join(' and ')}${orUnknown ? ' or unknown' : ''}`
}

const names: Readonly<Record<string, string>> = {
  above: 'above',
  atLeast: 'at least',
  below: 'below',
  atMost: 'at most',
  oneOf: 'one of',
  noneOf: 'none of',
}

function show(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'number' ? value.toLocaleString('en') : String(value)
}
