import { type Caught, type Difference, share, type Tally } from '#domain/risk/replay/tally.ts'

/** A report for a terminal. `title` says which policy and which histories. */
export function textReport(title: string, found: Tally): string {
  const { fraud, patterns, outcomes } = found
  return [
    title,
    '',
    table([
      ['decided', number(found.decided)],
      ...Object.entries(outcomes).map(([outcome, count]) => [`  ${outcome}`, number(count)]),
      ['challenge rate', percent(found.challengeRate)],
      ['false alarms, of genuine payments', percent(found.falseAlarmRate)],
      ['turned away, of genuine payments', percent(found.turnedAwayRate)],
    ]),
    '',
    table([
      ['fraud', 'payments', 'value', 'challenged', 'stopped', 'of value'],
      ['all', ...caughtCells(fraud)],
      ...Object.entries(patterns).map(([pattern, caught]) => [pattern, ...caughtCells(caught)]),
    ]),
    '',
    table([
      ['rule', 'false alarms', 'fraud', 'its value'],
      ...found.rules.map(({ rule, genuine, fraud: { count, value } }) => [
        rule,
        number(genuine),
        number(count),
        number(value),
      ]),
    ]),
    '',
    table([
      ['threshold', 'challenged', 'fraud stopped, of value'],
      ...found.curve
        .filter((_, i) => i % 4 === 0)
        .map(({ threshold, challengeRate, stopped }) => [
          number(threshold),
          percent(challengeRate),
          `${percent(stopped)} ${'█'.repeat(Math.round(stopped * 30))}`,
        ]),
    ]),
  ].join('\n')
}

/** What changes from one policy to another. */
export function textDifferences(title: string, found: readonly Difference[]): string {
  if (found.length === 0) return `${title}\n\nEvery payment has the same outcome.`
  const rows = found.map(({ from, to, genuine, fraud, rules }) => [
    `${from} → ${to}`,
    number(genuine),
    number(fraud.count),
    number(fraud.value),
    rules
      .slice(0, 3)
      .map(({ rule, count }) => `${rule} ${count}`)
      .join(', '),
  ])
  return `${title}\n\n${table([['outcome', 'genuine', 'fraud', 'its value', 'most frequent rules'], ...rows])}`
}

/** Number, value, share challenged, share stopped, share of the value stopped. */
export function caughtCells({ all, challenged, stopped }: Caught): string[] {
  return [
    number(all.count),
    number(all.value),
    // Of nothing there is no share.
    ...(all.count === 0
      ? ['–', '–', '–']
      : [
          percent(share(challenged.count, all.count)),
          percent(share(stopped.count, all.count)),
          percent(share(stopped.value, all.value)),
        ]),
  ]
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en')
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(2)} %`
}

/** Columns of equal width. The first is a name; of the others, those that are numbers are right-aligned. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const isNumeric = widths.map((_, column) => rows.slice(1).every(row => /^[\d,. %–]*$/.test(row[column] ?? '')))
  return rows
    .map(row =>
      row
        .map((cell, i) => (i > 0 && isNumeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('   ')
        .trimEnd(),
    )
    .join('\n')
}
