import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, disconnect, transaction } from '#db/client.ts'
import { byTcp } from '#db/testing/database.ts'
import { TcpProxy } from '#db/testing/tcp-proxy.ts'
import { until } from '#db/testing/until.ts'
import { startDs } from './ds/server.ts'
import { health } from './health/health.ts'
import { belowLimit, type Deployment, startDeployment } from './testing/deployment.ts'
import { freePort } from './testing/free-port.ts'
import { startWorker } from './worker.ts'

// Failures of PostgreSQL and of the network to it, as directory servers and load balancers see them.

let at: Deployment
let proxy: TcpProxy
let port: number
let front: Awaited<ReturnType<typeof startDs>>
const atOnce = 4
const deadlines = { connect: 1000, query: 1000, transaction: 2000 }

beforeAll(async () => {
  at = await startDeployment({ AREQ_TIME: '500' })
  port = await freePort()
  at.changeIssuer(ordinary => ({
    ...ordinary,
    directoryServers: ordinary.directoryServers.map(server => ({ ...server, maxConcurrent: atOnce })),
  }))
  at.configure({ DS_PORT: String(port), HOST: '127.0.0.1' })
  front = await startDs()
})
afterAll(async () => {
  await front.stop()
  await at.stop()
})
beforeEach(async () => {
  at.log.length = 0
  proxy = await TcpProxy.to(byTcp(at.url).server)
  await disconnect()
  connect(byTcp(at.url).through(proxy.port), { deadlines })
  // Connections are open and statements are prepared, because the time for an AReq is short here.
  await recovered()
})
afterEach(async () => {
  await disconnect()
  await proxy.close()
  connect(at.url)
})

/** Sends one AReq by HTTP and returns its transStatus. */
async function areq(overrides: Parameters<Deployment['message']>[0] = { purchaseAmount: belowLimit }) {
  const body = JSON.stringify(at.message(overrides))
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${port}/acs/areq`, { method: 'POST', headers, body })
  return ((await answer.json()) as { transStatus?: string }).transStatus
}
const areqs = (count: number) => Promise.all(Array.from({ length: count }, () => areq()))
const dsReady = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status
const webReady = async () => (await health('ready')).status
const logged = (msg: string) => at.log.map(line => JSON.parse(line)).filter(line => line.msg === msg)
const recovered = async () => {
  // Readiness first: without it no load balancer sends an AReq.
  await until(async () => (await dsReady()) === 200 && (await webReady()) === 200)
  await until(async () => (await areq()) === 'Y')
  await until(async () => (await areq({})) === 'C')
}

test('answers U and is not ready while connections are frozen, and recovers without a restart', async () => {
  proxy.freeze()
  expect(await areqs(3 * atOnce)).toEqual(Array(3 * atOnce).fill('U'))
  expect(logged('areq.too-many')).not.toEqual([])
  expect([await dsReady(), await webReady()]).toEqual([503, 503])
  proxy.replace()
  await recovered()
  // AReqs in progress end at their deadlines, and their places under the limit are free again.
  await until(async () => (await areqs(atOnce)).every(status => status === 'Y'))
})

test('frees the places of AReqs in progress while connections stay frozen', async () => {
  await areqs(atOnce)
  proxy.freeze()
  await areqs(2 * atOnce)
  await until(() => logged('areq.too-slow').length >= atOnce)
  // The first AReqs have ended, so later ones are accepted.
  await until(async () => {
    await areqs(2 * atOnce)
    return logged('areq.too-slow').length > 2 * atOnce || logged('areq.failed').length > 0
  })
  proxy.replace()
  await recovered()
})

test('a worker logs its failures, and sends what is due once the network works again', async () => {
  const ares = await at.areq()
  const worker = startWorker()
  await until(() => Object.values(worker.lastRounds()).every(round => round !== undefined))
  proxy.freeze()
  await until(() => logged('worker.failed').length > 0)
  expect(worker.sinceRound()).toBeGreaterThan(deadlines.query / 2)
  proxy.replace()
  await until(async () => (await dsReady()) === 200)
  at.advance(31)
  await until(() => at.directoryServer.rreqsOf(ares.acsTransID ?? '').length > 0)
  await worker.stop()
})

test.each([
  ['resets all connections', () => proxy.cut()],
  ['closes all connections', () => proxy.hangUp()],
  [
    'ends all server processes',
    () => at.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  ],
])('every role recovers without a restart after the server or network %s', async (_what, harm) => {
  const inside = transaction(async tx => {
    await tx.execute(sql`select 1`)
    await harm()
    await until(() => proxy.open === 0)
    await tx.execute(sql`select 1`)
  })
  await expect(inside).rejects.toThrow()
  await recovered()
})

test('answers U and is not ready while the server refuses connections, and recovers without a restart', async () => {
  await areq()
  await proxy.close()
  expect(await areqs(atOnce)).toEqual(Array(atOnce).fill('U'))
  expect([await dsReady(), await webReady()]).toEqual([503, 503])
  await proxy.listen()
  await recovered()
})

test('answers U and is not ready while the server is too slow, and recovers without a restart', async () => {
  await areq()
  proxy.delay(1500)
  expect(await areq()).toBe('U')
  expect(await dsReady()).toBe(503)
  proxy.delay(0)
  await recovered()
})

test('answers U and is not ready while the server is read-only, and recovers without a restart', async () => {
  const name = at.url.slice(at.url.lastIndexOf('/') + 1)
  await at.sql.unsafe(`alter database ${name} set default_transaction_read_only = on`)
  proxy.cut()
  await until(async () => (await areq()) === 'U')
  expect([await dsReady(), await webReady()]).toEqual([503, 503])
  await at.sql.unsafe(`alter database ${name} reset default_transaction_read_only`)
  await recovered()
})
