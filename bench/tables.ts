import type { AReqResult } from './areq.ts'
import type { ChallengeResult } from './challenge.ts'
import type { CheckingResult } from './checking.ts'

/** One line a row, columns aligned; the first row is the heading. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map(cells => `  ${cells.join('   ')}`)
    .join('\n')
}

export function areqTable({ product, floor, ratio, ratioSpread, failures }: AReqResult): string {
  const rows = Object.entries(ratio).flatMap(([connections, times]) => {
    const [low = 0, high = 0] = ratioSpread[connections] ?? []
    const side = (name: string, run = product[connections], ...more: string[]) => [
      name,
      whole(run?.requestsPerSecond),
      milliseconds(run?.p50),
      milliseconds(run?.p99),
      ...more,
    ]
    const compared = [times.toFixed(2), `${low.toFixed(2)}–${high.toFixed(2)}`]
    return [
      side(`${connections} at once: SafeKey`, product[connections], ...compared),
      side(`${connections} at once: floor`, floor[connections], '', ''),
    ]
  })
  return `
A purchase authenticated without a challenge: AReq → ARes, checked, decided, written durably.
The floor is a bare HTTP server that runs the same two SQL statements and does nothing else, on the same database.

${table([['', 'requests/s', 'half within', '99 % within', 'SafeKey ÷ floor', 'lowest–highest'], ...rows])}

  ${failures === 0 ? 'Every answer of SafeKey was transStatus Y.' : `${failures} ANSWERS OF SAFEKEY WERE NOT transStatus Y.`}`
}

export function challengeTable({ cpuMilliseconds, cpuSpread, challenges, page }: ChallengeResult): string {
  const rows = Object.entries(page).map(([kind, { files, raw, gzip }]) => [
    kind,
    String(files),
    whole(raw),
    whole(gzip),
  ])
  const [low, high] = cpuSpread
  return `
A whole challenge, from AReq to CRes: window opened, code sent by e-mail and typed, result reported.

  ${cpuMilliseconds.toFixed(1)} ms of server CPU each (${low.toFixed(1)}–${high.toFixed(1)}; ds, web and worker; ${challenges} challenges)

What its page makes a browser load:

${table([['', 'files', 'bytes', 'gzipped'], ...rows])}`
}

export function checkingTable({ messagesPerSecond, messagesSpread, bytes }: CheckingResult): string {
  const rows = Object.entries(messagesPerSecond).map(([version, times]) => {
    const [low, high] = messagesSpread[version] ?? [0, 0]
    return [version, whole(times), `${whole(low)}–${whole(high)}`, whole(bytes[version])]
  })
  return `
Reading and checking alone: a browser's AReq from bytes to verdict, on one core.

${table([['', 'messages/s', 'lowest–highest', 'bytes'], ...rows])}`
}

function whole(value = 0): string {
  return Math.round(value).toLocaleString('en-US')
}

function milliseconds(value = 0): string {
  return `${value.toFixed(2)} ms`
}
