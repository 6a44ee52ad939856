import type { DeviceChannel, Field, Need, Shape } from '#domain/emv/field.ts'
import { appTables, since231, tables } from '#domain/emv/report.ts'
import { type MessageVersion, versions, within } from '#domain/emv/version.ts'
import { sayForm } from '#server/checker/words.ts'

const channels: Readonly<Record<DeviceChannel, string>> = { '01': 'app', '02': 'browser', '03': '3RI' }
const categories = { '01': 'payment', '02': 'non-payment' } as const

/** Every message with its elements: the form of each, and when each version requires it. */
export function drawElements(): string {
  const ofApp = Object.entries(appTables).map(([message, table]) => [`${message} of an app`, table] as const)
  return [...Object.entries(tables), ...ofApp]
    .map(([message, table]) => {
      const spoken = since231.has(message) ? (['2.3.1'] as const) : versions
      const head = [
        `### ${message}`,
        '',
        row(['element', 'form', ...spoken]),
        row(['---', '---', ...spoken.map(() => '---')]),
      ]
      return [...head, ...rowsOf(table, spoken)].join('\n')
    })
    .join('\n\n')
}

/** `lives`: the versions in which the parent exists. */
function rowsOf(table: readonly Field[], spoken: readonly MessageVersion[], parent = '', lives = spoken): string[] {
  return table.flatMap(field => {
    const own = lives.filter(version => within(version, field.since, field.until))
    const newest = own.at(-1)
    if (!newest) return []
    const cells = spoken.map(version => (own.includes(version) ? requirement(field, version) : '–'))
    const name = `${parent}${field.name}`
    return [
      row([`\`${name}\``, sayForm(field.is, newest, 'en'), ...cells]),
      ...rowsOf(membersOf(field.is), spoken, `${name}.`, own),
    ]
  })
}

function membersOf(shape: Shape): readonly Field[] {
  if (shape.kind === 'object') return shape.fields
  return shape.kind === 'array' ? membersOf(shape.of) : []
}

/** `R` required, `O` optional; otherwise the cases in which it is required. */
function requirement({ required = [], channel }: Field, version: MessageVersion): string {
  const needs = required.filter(need => within(version, need.since, need.until))
  const place = channel ? `${channel.map(each => channels[each]).join(', ')}: ` : ''
  if (needs.length === 0) return `${place}O`
  const cases = needs.map(need => caseOf(need, channel))
  return place + (cases.includes('R') ? 'R' : cases.join('; '))
}

function caseOf(need: Need, of?: readonly DeviceChannel[]): string {
  const same = of && need.channel && need.channel.length === of.length
  const where = [
    ...(need.channel && !same ? [need.channel.map(each => channels[each]).join(', ')] : []),
    ...(need.category ? [need.category.map(each => categories[each]).join(', ')] : []),
  ]
  const when = (need.if ?? []).map(({ field, is }) =>
    is ? `with \`${field}\` ${is.join(', ')}` : `when \`${field}\` is present`,
  )
  return [
    'R',
    ...(where.length > 0 ? [`in ${where.join(' ')}`] : []),
    ...(when.length > 0 ? [when.join(' or ')] : []),
  ].join(' ')
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
