import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { CurvePoint, Difference, Tally } from '#domain/risk/replay/tally.ts'
import { Html, html } from '../platform/html.ts'
import { caughtCells, number, percent } from './report-text.ts'

export interface PolicyReport {
  readonly name: string
  readonly threshold: number
  readonly tally: Tally
}

/** A report as one HTML file, which loads nothing. It has numbers only, and no data of persons. */
export function htmlReport(
  histories: string,
  reports: readonly PolicyReport[],
  differences: readonly Difference[],
): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Risk replay</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1a1c; background: #fff; }
  table { border-collapse: collapse; margin: 1rem 0 2rem; }
  caption { text-align: left; font-weight: 600; }
  th, td { padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid #d8d8db; text-align: right; font-variant-numeric: tabular-nums; }
  th:first-child, td:first-child { text-align: left; font-weight: 400; }
  .wide { overflow-x: auto; }
  svg { max-width: 100%; height: auto; }
</style>
</head>
<body>
<h1>Risk replay</h1>
<p>${histories}</p>
<h2>Challenges and caught fraud</h2>
${curves(reports)}
${reports.map(policySection)}
${differences.length > 0 && differenceSection(differences)}
</body>
</html>
`
  return page.toString()
}

function policySection({ name, tally }: PolicyReport): Html {
  const { fraud, patterns, rules } = tally
  return html`<h2>${name}</h2>
${table(
  'Payments',
  ['', 'payments'],
  [
    ['decided', number(tally.decided)],
    ...Object.entries(tally.outcomes).map(([outcome, count]) => [outcome, number(count)]),
    ['challenge rate', percent(tally.challengeRate)],
    ['false alarms, of genuine payments', percent(tally.falseAlarmRate)],
    ['turned away, of genuine payments', percent(tally.turnedAwayRate)],
  ],
)}
${table(
  'Fraud by pattern',
  ['pattern', 'payments', 'value', 'challenged', 'stopped', 'stopped, of value'],
  [
    ['all', ...caughtCells(fraud)],
    ...Object.entries(patterns).map(([pattern, caught]) => [pattern, ...caughtCells(caught)]),
  ],
)}
${table(
  'Rules that were a reason for a challenge or refusal',
  ['rule', 'false alarms', 'fraud', 'value of the fraud'],
  rules.map(({ rule, genuine, fraud: { count, value } }) => [rule, number(genuine), number(count), number(value)]),
)}`
}

function differenceSection(differences: readonly Difference[]): Html {
  return html`<h2>Differences</h2>
${table(
  'Payments with another outcome',
  ['outcome', 'genuine', 'fraud', 'value of the fraud', 'most frequent rules'],
  differences.map(({ from, to, genuine, fraud, rules }) => [
    `${from} → ${to}`,
    number(genuine),
    number(fraud.count),
    number(fraud.value),
    rules
      .slice(0, 3)
      .map(({ rule, count }) => `${rule} ${count}`)
      .join(', '),
  ]),
)}`
}

function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<div class="wide"><table>
<caption>${caption}</caption>
<thead><tr>${head.map(cell => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map(cell => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody>
</table></div>`
}

const size = { width: 720, height: 420, left: 64, right: 24, top: 16, bottom: 56 }
const colours = ['#0b5394', '#b45f06']

/** The share of the fraud's value that is stopped, over the share of payments that are challenged. */
function curves(reports: readonly PolicyReport[]): Html {
  const x = scaleLinear()
    .domain([0, 0.15])
    .range([size.left, size.width - size.right])
  const y = scaleLinear()
    .domain([0, 1])
    .range([size.height - size.bottom, size.top])
  const draw = line<CurvePoint>()
    .x(point => x(point.challengeRate))
    .y(point => y(point.stopped))
  const axes = html`${x.ticks(6).map(
    tick => html`<line x1="${x(tick)}" x2="${x(tick)}" y1="${size.top}" y2="${size.height - size.bottom}" stroke="#d8d8db"/>
<text x="${x(tick)}" y="${size.height - size.bottom + 20}" text-anchor="middle">${Math.round(tick * 100)} %</text>`,
  )}${y.ticks(5).map(
    tick => html`<line x1="${size.left}" x2="${size.width - size.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#d8d8db"/>
<text x="${size.left - 8}" y="${y(tick) + 4}" text-anchor="end">${Math.round(tick * 100)} %</text>`,
  )}`
  const drawn = reports.map(({ name, tally, threshold }, i) => {
    const points = tally.curve.filter(({ challengeRate }) => challengeRate <= 0.15)
    const now = nearest(points, threshold)
    const colour = colours[i] ?? '#1a1a1c'
    return html`<path d="${draw([...points]) ?? ''}" fill="none" stroke="${colour}" stroke-width="2"${i > 0 && new Html(' stroke-dasharray="6 4"')}/>
${now && html`<circle cx="${x(now.challengeRate)}" cy="${y(now.stopped)}" r="5" fill="${colour}"/>`}
<text x="${size.width - size.right}" y="${size.height - size.bottom - 12 - 20 * i}" text-anchor="end" fill="${colour}">${name}</text>`
  })
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="Share of the fraud’s value that is stopped, by challenge rate" font-family="system-ui, sans-serif" font-size="13">
${axes}
${drawn}
<text x="${(size.left + size.width - size.right) / 2}" y="${size.height - 12}" text-anchor="middle">challenge rate</text>
<text transform="translate(16 ${(size.top + size.height - size.bottom) / 2}) rotate(-90)" text-anchor="middle">fraud stopped, of value</text>
</svg>
<p>The dot is the threshold of the policy. Far from it the curve is an estimate: the histories were learnt with the policy as it is.</p>`
}

function nearest(points: readonly CurvePoint[], threshold: number): CurvePoint | undefined {
  return points.toSorted((a, b) => Math.abs(a.threshold - threshold) - Math.abs(b.threshold - threshold))[0]
}
