import type { AccountResult } from './account.ts'
import type { AReqResult } from './areq.ts'
import type { ChallengeResult } from './challenge.ts'
import type { CheckingResult } from './checking.ts'
import type { LighthouseResult } from './lighthouse.ts'
import type { StaticBench } from './static.ts'
import type { WindowResult } from './window.ts'

/** One line per row, columns aligned; the first row is the heading. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map(cells => `  ${cells.join('   ')}`)
    .join('\n')
}

export function areqTable({ product, floor, ratio, ratioSpread, history, failures }: AReqResult): string {
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
  const costs = (['without', 'with'] as const).map(side => {
    const { requestsPerSecond, cpuMilliseconds, cpuSpread } = history[side]
    const [low, high] = cpuSpread
    return [side, whole(requestsPerSecond), `${cpuMilliseconds.toFixed(3)} ms`, `${low.toFixed(3)}–${high.toFixed(3)}`]
  })
  return `
A purchase authenticated without a challenge: AReq → ARes, checked, decided, written durably.
The floor is a bare HTTP server that runs the same two SQL statements and does nothing else, on the same database.

${table([['', 'requests/s', 'half within', '99 % within', 'SafeKey ÷ floor', 'lowest–highest'], ...rows])}

The same without and with the history of risk policies (risk in the issuer's file), many cards, 16 at once; the worker
folds meanwhile.

${table([['', 'requests/s', 'CPU of ds each', 'lowest–highest'], ...costs])}

  ${failures === 0 ? 'Every answer of SafeKey was transStatus Y.' : `${failures} ANSWERS OF SAFEKEY WERE NOT transStatus Y.`}`
}

export function challengeTable(result: ChallengeResult): string {
  const { cpuMilliseconds, cpuSpread, bareMilliseconds, ratio, ratioSpread, challenges, page } = result
  const rows = Object.entries(page).map(([kind, { files, raw, gzip }]) => [
    kind,
    String(files),
    whole(raw),
    whole(gzip),
  ])
  const [low, high] = cpuSpread
  const [least, most] = ratioSpread
  return `
A whole challenge, from AReq to CRes: window opened, code sent by e-mail and typed, result reported.

  ${cpuMilliseconds.toFixed(1)} ms of server CPU each (${low.toFixed(1)}–${high.toFixed(1)}; ds, web and worker; ${challenges} challenges)
  ${bareMilliseconds.toFixed(1)} ms of a bare Next.js app that does the same requests with one query each
  ${ratio.toFixed(2)} × the bare app (${least.toFixed(2)}–${most.toFixed(2)})

What its page makes a browser load:

${table([['', 'files', 'bytes', 'gzipped'], ...rows])}`
}

export function windowTable(result: WindowResult): string {
  const { usableMilliseconds, bareMilliseconds, ratio, ratioSpread, rounds } = result
  const [least, most] = ratioSpread
  return `
Until the code can be entered, from the merchant's posted form on: slow 4G, 4 × slower processor, nothing cached.

  ${whole(usableMilliseconds)} ms for the window
  ${whole(bareMilliseconds)} ms for a bare HTML form in the same steps
  ${ratio.toFixed(2)} × the bare form (${least.toFixed(2)}–${most.toFixed(2)}; ${rounds} rounds)`
}

export function accountTable({ cpuMilliseconds, cpuSpread, count }: AccountResult): string {
  const rows = (['sign-in', 'contact'] as const).map(page => {
    const [low, high] = cpuSpread[page]
    return [page, milliseconds(cpuMilliseconds[page]), `${low.toFixed(2)}–${high.toFixed(2)}`]
  })
  return `
Pages of the account, drawn for one person each time: server CPU (web and worker; ${count} pages a round, 4 at once).

${table([['', 'CPU each', 'lowest–highest'], ...rows])}`
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

export function staticTable({ path, bytes, runs, failures }: StaticBench): string {
  const rows = Object.entries(runs).flatMap(([connections, sides]) => {
    const fastest = sides['nginx, the same bytes as a file'].requestsPerSecond
    return Object.entries(sides).map(([side, { requestsPerSecond, p99 }]) => [
      `${connections} at once: ${side}`,
      whole(requestsPerSecond),
      milliseconds(p99),
      (requestsPerSecond / fastest).toFixed(2),
    ])
  })
  return `
A public page (${path}, ${whole(bytes)} bytes, not compressed): one process of SafeKey, one worker of nginx.

${table([['', 'requests/s', '99 % within', '÷ nginx with a file'], ...rows])}

  ${failures === 0 ? 'Every answer was the whole page.' : `${failures} ANSWERS WERE NOT THE WHOLE PAGE.`}`
}

export function lighthouseTable({ pages, below }: LighthouseResult): string {
  const rows = pages.map(({ path, scores }) => [path, ...Object.values(scores).map(String)])
  const [first] = pages
  return `
Lighthouse, mobile profile, every public page.

${table([['', ...Object.keys(first?.scores ?? {})], ...rows])}

  ${below.length === 0 ? 'Every page reaches every bar.' : `BELOW THE BAR:\n  ${below.join('\n  ')}`}`
}

function whole(value = 0): string {
  return Math.round(value).toLocaleString('en-US')
}

function milliseconds(value = 0): string {
  return `${value.toFixed(2)} ms`
}
