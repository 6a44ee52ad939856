import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import * as schema from '#db/schema.ts'
import { assurance, type Operation } from '#domain/account/assurance.ts'
import { enrolment } from '#domain/account/enrolment.ts'
import { confirming, signIn } from '#domain/account/sign-in.ts'
import { type OutcomeRow, outcomes } from '#domain/emv/outcome.ts'
import { challengePage } from './draw-challenge.ts'
import { drawConformance } from './draw-conformance.ts'
import { drawContactChanges } from './draw-contact-changes.ts'
import { drawElements } from './draw-elements.ts'
import { drawDefaultPolicy, drawSignals } from './draw-risk.ts'
import { drawWatchRules } from './draw-watch.ts'

// Generates the parts of the documents that show code: db/schema.ts as a diagram in docs/schema.md, the table of
// outcomes in docs/protocol.md, the signals and the default policy in docs/risk.md, and in docs/journeys.md the account's
// journeys and the assurance that its operations need. With --check it only reports whether they are up to date.

const tables = Object.values(schema)
  .filter(value => is(value, PgTable))
  .map(table => getTableConfig(table as PgTable))

const boxes = tables.map(({ name, columns }) => {
  const rows = columns.map(column => {
    const type = column
      .getSQLType()
      .replace(/\s*\(.*\)/, '')
      .replaceAll(' ', '_')
    const marks = [column.primary && 'PK', column.isUnique && 'UK'].filter(Boolean).join(',')
    return `    ${type} ${column.name}${marks ? ` ${marks}` : ''}${column.notNull ? '' : ' "nullable"'}`
  })
  return `  ${name} {\n${rows.join('\n')}\n  }`
})
const lines = tables.flatMap(({ name, foreignKeys }) =>
  foreignKeys.map(key => {
    const { columns, foreignTable } = key.reference()
    const one = columns.every(column => column.primary) && columns.length === 1
    return `  ${getTableConfig(foreignTable).name} ||--o${one ? '|' : '{'} ${name} : "${columns.map(column => column.name).join(', ')}"`
  }),
)
const picture = `# The database

Drawn from \`db/schema/\` by \`npm run docs\`. What each table is for, and how long its rows stay: [data.md](data.md).

\`\`\`mermaid
erDiagram
${[...boxes, ...lines].join('\n')}
\`\`\`
`

const rows = Object.entries(outcomes).map(([outcome, row]: [string, OutcomeRow]) => {
  const reason = row.reason ? `${row.reason}${row.reasonBefore220 ? ` (2.1.0: ${row.reasonBefore220})` : ''}` : ''
  const { since231 } = row
  const later = (value?: string) => (value ? ` (2.3.1: ${value})` : '')
  const cancel = `${row.challengeCancel ?? ''}${later(since231?.challengeCancel)}`
  return `| ${outcome} | ${row.transStatus} | ${reason}${later(since231?.reason)} | ${cancel} | ${row.eci} |`
})
const table = [
  '| outcome | transStatus | transStatusReason | challengeCancel | eci |',
  '| --- | --- | --- | --- | --- |',
  ...rows,
]

/**
 * Fills in the column of required assurance in the table of operations. Every operation must have a row, and there may
 * be no other row.
 */
function drawNeeds(table: string): string {
  const missing = new Set<string>(Object.keys(assurance))
  const drawn = table.split('\n').map(line => {
    const [, operation = '', where, , ...rest] = line.split('|')
    const name = operation.trim()
    if (name === '' || name === 'operation' || name === '---') return line
    if (!isOperation(name)) throw new Error(`${name} is no operation of the account`)
    missing.delete(name)
    return ['', operation, where, ` ${assurance[name].replace('-', ' ')} `, ...rest].join('|')
  })
  if (missing.size > 0) throw new Error(`docs/journeys.md has no row for ${[...missing].join(', ')}`)
  return drawn.join('\n')
}

function isOperation(name: string): name is Operation {
  return Object.hasOwn(assurance, name)
}

/** A journey as a table: its steps, the events in each, and the next step. */
function drawJourney(journey: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>): string {
  const moves = Object.entries(journey).flatMap(([step, events]) =>
    Object.entries(events).map(([event, next]) => `| ${step} | ${event} | ${next} |`),
  )
  return ['| step | event | next step |', '| --- | --- | --- |', ...moves].join('\n')
}

const journeys: Readonly<Record<string, Parameters<typeof drawJourney>[0]>> = { enrolment, signIn, confirming }

write('../docs/schema.md', () => picture)
write('../docs/challenge.md', challengePage)
write('../docs/conformance.md', drawConformance)
write('../docs/journeys.md', text =>
  text
    .replace(/(<!-- journey (\w+):[^\n]*-->\n)[\s\S]*?(<!-- end of journey -->)/g, (whole, begin, name, end) => {
      const journey = journeys[name]
      return journey ? `${begin}\n${drawJourney(journey)}\n\n${end}` : whole
    })
    .replace(
      /(<!-- contact changes:[^\n]*-->\n)[\s\S]*?(<!-- end of contact changes -->)/,
      (_all, before, after) => `${before}\n${drawContactChanges()}\n\n${after}`,
    )
    .replace(
      /(<!-- mailbox session:[^\n]*-->\n)([\s\S]*?)(<!-- end of mailbox session -->)/,
      (_all, before, table, after) => `${before}${drawNeeds(table)}${after}`,
    ),
)
write('../docs/protocol.md', text =>
  text
    .replace(/(<!-- outcomes:[^\n]*-->\n)[\s\S]*?(<!-- end of outcomes -->)/, `$1\n${table.join('\n')}\n\n$2`)
    .replace(
      /(<!-- elements:[^\n]*-->\n)[\s\S]*?(<!-- end of elements -->)/,
      (_all, before, after) => `${before}\n${drawElements()}\n\n${after}`,
    ),
)

write('../docs/alerts.md', text =>
  text.replace(
    /(<!-- rules:[^\n]*-->\n)[\s\S]*?(<!-- end of rules -->)/,
    (_all, before, after) => `${before}\n${drawWatchRules()}\n\n${after}`,
  ),
)
write('../docs/risk.md', text =>
  text
    .replace(
      /(<!-- signals:[^\n]*-->\n)[\s\S]*?(<!-- end of signals -->)/,
      (_all, before, after) => `${before}\n${drawSignals()}\n\n${after}`,
    )
    .replace(
      /(<!-- default policy:[^\n]*-->\n)[\s\S]*?(<!-- end of default policy -->)/,
      (_all, before, after) => `${before}\n${drawDefaultPolicy()}\n\n${after}`,
    ),
)

function write(path: string, draw: (text: string) => string): void {
  const file = new URL(path, import.meta.url)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const drawn = draw(text)
  if (drawn === text) return
  if (process.argv.includes('--check')) {
    console.error(`${path.slice(3)} is not what the code says any more: npm run docs draws it again`)
    process.exitCode = 1
  } else writeFileSync(file, drawn)
}
