import { readFileSync, writeFileSync } from 'node:fs'
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import * as schema from '#db/schema.ts'

// Draws db/schema.ts into docs/schema.md as a Mermaid picture; with --check it only says whether the picture is true.

const file = new URL('../docs/schema.md', import.meta.url)
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
    return `    ${type} ${column.name}${marks ? ` ${marks}` : ''}${column.notNull ? '' : ' "may be empty"'}`
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

Drawn from \`db/schema.ts\` by \`npm run db:generate\`. What each table is for, and how long its rows stay: [data.md](data.md).

\`\`\`mermaid
erDiagram
${[...boxes, ...lines].join('\n')}
\`\`\`
`

if (!process.argv.includes('--check')) writeFileSync(file, picture)
else if (readFileSync(file, 'utf8') !== picture) {
  console.error('docs/schema.md shows another schema than db/schema.ts: npm run db:generate draws it again')
  process.exit(1)
}
