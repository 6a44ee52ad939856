import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { freePort } from '../demo/free-port.ts'
import { buildAReq, ordinaryBrowser } from '../demo/shop/areq.ts'
import { currencies } from '../demo/shop/order.ts'
import { benchCards } from './customers.ts'
import { type Deployment, install } from './deployment.ts'
import type { Model } from './floor.ts'
import { fillHistory, onPort, shadowDefaultPolicy, withoutRisk } from './history.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import { startProduct } from './product.ts'
import { median, spread } from './statistics.ts'

/** Concurrent requests. */
const connections = [1, 16, 64] as const

type ByConnections<T> = Record<string, T>

export interface AReqResult {
  readonly product: ByConnections<LoadResult>
  readonly floor: ByConnections<LoadResult>
  /**
   * Median over the rounds of the product's requests per second divided by the floor's: 1 means that our own work costs
   * nothing.
   */
  readonly ratio: ByConnections<number>
  /** The lowest and the highest of these ratios. */
  readonly ratioSpread: ByConnections<readonly [number, number]>
  /** What the history of risk policies costs: the product without and with it, alternating, many cards. */
  readonly history: Record<'without' | 'with', HistoryCost>
  /** Answers of the product other than Y, over all rounds. */
  readonly failures: number
}

interface HistoryCost {
  readonly requestsPerSecond: number
  /** Processor time of the `ds` process for one AReq, milliseconds. */
  readonly cpuMilliseconds: number
  /** The lowest and the highest of the rounds. */
  readonly cpuSpread: readonly [number, number]
}

/** Concurrent requests, and cards, in the comparison without and with a history. */
const inComparison = { connections: 16, cards: 1000 }

/**
 * Measures AReq → ARes without a challenge, checked and written durably, alternating with the floor on the same
 * database.
 */
export async function measureAReq(seconds: number, rounds: number, say: (line: string) => void): Promise<AReqResult> {
  const { cards, customers } = benchCards(inComparison.cards)
  const deployment = await install(cards)
  await fillHistory(deployment)
  shadowDefaultPolicy(deployment)
  const product = await startProduct(withoutRisk(deployment), ['ds'])
  const port = await freePort()
  const remembering = await startProduct(onPort(deployment, port), ['ds'])
  const worker = await startProduct(deployment, ['worker'])
  const children: ChildProcess[] = []
  try {
    const areq = sampleAReq(deployment)
    const model = await modelOf(deployment, areq)
    const floor = start('./floor.ts', children)
    floor.send(model)
    await once(floor, 'message')
    const loader = start('./load.ts', children)
    const run = (port: number, at: number, time: number) => load(loader, { port, connections: at, seconds: time, areq })

    const fronts = { product: deployment.ports.ds, floor: model.port }
    const runs: Record<'product' | 'floor', ByConnections<LoadResult[]>> = { product: {}, floor: {} }
    for (const side of ['product', 'floor', 'product', 'floor'] as const)
      await run(fronts[side], 16, Math.min(seconds, 2))
    for (let round = 0; round < rounds; round++) {
      say(`areq: round ${round + 1} of ${rounds}`)
      for (const at of connections) {
        // They alternate, because the first may find a quieter machine.
        for (const side of round % 2 === 0 ? (['product', 'floor'] as const) : (['floor', 'product'] as const)) {
          runs[side][at] = [...(runs[side][at] ?? []), await run(fronts[side], at, seconds)]
        }
      }
    }
    const sides = { without: { product, port: deployment.ports.ds }, with: { product: remembering, port } }
    const numbers = customers.map(({ card }) => card)
    const history = await compare(sides, rounds, async side => {
      const before = side.product.cpu()
      const order = { port: side.port, connections: inComparison.connections, seconds, areq, cards: numbers }
      const result = await load(loader, order)
      const count = result.requestsPerSecond * seconds
      return { ...result, cpuMilliseconds: (side.product.cpu() - before) / count }
    })
    return { ...summary(runs), ...history }
  } finally {
    for (const child of children) child.kill()
    await Promise.all([product.stop(), remembering.stop(), worker.stop()])
    await deployment.remove()
  }
}

/** The demo card, ¥1,200, no preference about a challenge: answered Y. */
function sampleAReq({ origins, ports }: Deployment): string {
  const [jpy] = currencies
  if (!jpy) throw new Error('no yen')
  const purchase = {
    ...{ card: '378282246310005', cardholderName: 'HANAKO YAMADA', email: undefined, merchantName: 'Kotori Store' },
    ...{ amount: 1200, currency: jpy, locale: 'ja' as const, challengeInd: '01', messageVersion: '2.2.0' },
  }
  const userAgent =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
  const browser = { acceptHeader: 'text/html,*/*;q=0.8', userAgent, ip: '192.0.2.7', script: ordinaryBrowser }
  const transaction = {
    threeDSServerTransID: randomUUID(),
    orderId: randomUUID(),
    origin: origins.shop,
    now: new Date(),
    compInd: 'U' as const,
  }
  const dsFields = {
    dsTransID: randomUUID(),
    dsReferenceNumber: 'DEMO-DS-REF-0001',
    dsURL: `http://localhost:${ports.rreq}/ds/rreq`,
  }
  return JSON.stringify({ ...buildAReq(purchase, browser, transaction), ...dsFields })
}

/** Lets the product answer one AReq, and records what it read, wrote and sent. Throws unless the answer is Y. */
async function modelOf({ ports, databaseURL }: Deployment, areq: string): Promise<Model> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`http://localhost:${ports.ds}/acs/areq`, { method: 'POST', headers, body: areq })
  const answer = await response.text()
  const { transStatus, dsTransID } = JSON.parse(answer)
  if (transStatus !== 'Y') throw new Error(`The product should answer transStatus Y, but it says ${answer}`)
  const sql = postgres(databaseURL, { max: 1 })
  const [row] = await sql`
    select encode(number_hmac, 'hex') as hmac, directory_server, card_id, decision, areq::text, ares::text
    from authentications join cards on cards.id = card_id`
  const settings = await sql`
    select name from pg_settings where name in ('fsync', 'synchronous_commit') and setting = 'on'`
  await sql.end()
  if (!row || settings.length !== 2) throw new Error('The database does not write durably: fsync, synchronous_commit')
  const { hmac: numberHmac, directory_server: directoryServer, card_id: cardId, decision, areq: kept, ares } = row
  const port = await freePort()
  return {
    ...{ databaseURL, port, numberHmac, directoryServer, cardId, decision },
    areq: kept,
    ares,
    answer,
    dsTransID,
  }
}

function start(file: string, children: ChildProcess[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: ['--import', 'tsx'] })
  children.push(child)
  return child
}

async function load(loader: ChildProcess, order: LoadOrder): Promise<LoadResult> {
  loader.send(order)
  const [result] = await once(loader, 'message')
  return result
}

function summary({
  product,
  floor,
}: Record<'product' | 'floor', ByConnections<LoadResult[]>>): Omit<AReqResult, 'history'> {
  const ratios = (at: number) =>
    (product[at] ?? []).map((run, round) => run.requestsPerSecond / (floor[at]?.[round]?.requestsPerSecond ?? 0))
  const by = <T>(value: (at: number) => T) => Object.fromEntries(connections.map(at => [at, value(at)]))
  return {
    product: by(at => medianRun(product[at] ?? [])),
    floor: by(at => medianRun(floor[at] ?? [])),
    ratio: by(at => median(ratios(at))),
    ratioSpread: by(at => spread(ratios(at))),
    failures: Object.values(product)
      .flat()
      .reduce((sum, { failures }) => sum + failures, 0),
  }
}

type Run = LoadResult & Pick<HistoryCost, 'cpuMilliseconds'>

/** Rounds before the first that counts: a process that has just started compiles what it runs. */
const warmUp = 3

/** Runs both sides in alternating order. */
async function compare<Side>(
  sides: Record<'without' | 'with', Side>,
  rounds: number,
  run: (side: Side) => Promise<Run>,
): Promise<Pick<AReqResult, 'history'>> {
  const runs: Record<'without' | 'with', Run[]> = { without: [], with: [] }
  for (let round = -warmUp; round < rounds; round++) {
    for (const side of round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
      const result = await run(sides[side])
      if (result.failures > 0) throw new Error(`${result.failures} answers ${side} a history were not Y`)
      if (round >= 0) runs[side].push(result)
    }
  }
  const medianOf = (side: 'without' | 'with') => ({
    requestsPerSecond: median(runs[side].map(each => each.requestsPerSecond)),
    cpuMilliseconds: median(runs[side].map(each => each.cpuMilliseconds)),
    cpuSpread: spread(runs[side].map(each => each.cpuMilliseconds)),
  })
  return { history: { without: medianOf('without'), with: medianOf('with') } }
}

function medianRun(runs: readonly LoadResult[]): LoadResult {
  const of = (name: keyof LoadResult) => median(runs.map(run => run[name]))
  return { requestsPerSecond: of('requestsPerSecond'), p50: of('p50'), p99: of('p99'), failures: of('failures') }
}
