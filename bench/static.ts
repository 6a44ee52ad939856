import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../demo/free-port.ts'
import { install } from './deployment.ts'
import { startNginx } from './nginx.ts'
import { startProduct } from './product.ts'
import type { StaticOrder, StaticResult } from './static-load.ts'
import { median } from './statistics.ts'

const sides = ['SafeKey', 'nginx, the same bytes as a file', 'nginx with its cache in front of SafeKey'] as const
type Side = (typeof sides)[number]

export interface StaticBench {
  readonly path: string
  readonly bytes: number
  /** Medians by number of connections and side. */
  readonly runs: Readonly<Record<string, Readonly<Record<Side, StaticResult>>>>
  readonly failures: number
}

const path = '/ja/help'

/**
 * Measures one public page, the largest that cardholders read: from SafeKey, and the same bytes from nginx in two ways.
 */
export async function measureStatic(
  seconds: number,
  rounds: number,
  say: (line: string) => void,
): Promise<StaticBench> {
  const deployment = await install()
  const product = await startProduct(deployment, ['web'])
  const { ports, folder } = deployment
  const [filePort, cachePort] = [await freePort(), await freePort()]
  const page = Buffer.from(await (await fetch(`http://localhost:${ports.web}${path}`)).arrayBuffer())
  mkdirSync(join(folder, 'site', 'ja'), { recursive: true })
  writeFileSync(join(folder, 'site', `${path}`), page)
  const nginx = await startNginx(folder, { filePort, cachePort, productPort: ports.web })
  const loader = fork(fileURLToPath(new URL('./static-load.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
  try {
    const runs: Record<string, Record<Side, StaticResult>> = {}
    for (const connections of [1, 16, 64]) {
      const results: Record<Side, StaticResult[]> = Object.fromEntries(
        sides.map(side => [side, [] as StaticResult[]]),
      ) as never
      for (let round = 0; round <= rounds; round += 1)
        for (const [index, side] of sides.entries()) {
          const port = [ports.web, filePort, cachePort][index] ?? 0
          const result = await ask(loader, { port, path, connections, seconds, length: page.length })
          // The first round warms up.
          if (round > 0) results[side].push(result)
          say(`static: ${connections} at once, ${side}: ${Math.round(result.requestsPerSecond)}/s`)
        }
      runs[connections] = Object.fromEntries(sides.map(side => [side, middle(results[side])])) as Record<
        Side,
        StaticResult
      >
    }
    const failures = Object.values(runs)
      .flatMap(run => Object.values(run))
      .reduce((sum, run) => sum + run.failures, 0)
    return { path, bytes: page.length, runs, failures }
  } finally {
    loader.kill()
    await nginx.stop()
    await product.stop()
    await deployment.remove()
  }
}

async function ask(loader: ChildProcess, order: StaticOrder): Promise<StaticResult> {
  loader.send(order)
  const [result] = await once(loader, 'message')
  return result as StaticResult
}

function middle(results: readonly StaticResult[]): StaticResult {
  const of = (pick: (result: StaticResult) => number) => median(results.map(pick))
  return {
    requestsPerSecond: of(result => result.requestsPerSecond),
    p99: of(result => result.p99),
    failures: results.reduce((sum, { failures }) => sum + failures, 0),
  }
}
