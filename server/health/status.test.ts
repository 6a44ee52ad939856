import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { saveHeartbeat } from '#db/queries/heartbeats.ts'
import { until } from '#db/testing/until.ts'
import { policy } from '#domain/challenge/policy.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { startHeartbeat } from './heartbeat.ts'
import { readStatus } from './status.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())
beforeEach(() => at.sql`delete from heartbeats`)

const allUp = { site: 'up', requests: 'up', window: 'up', messages: 'up', results: 'up' } as const
const minute = 60_000
/** Saves a heartbeat; for a worker, with the milliseconds since its last round. */
const see = (role: 'ds' | 'worker', sinceRound?: number) =>
  saveHeartbeat({ id: randomUUID(), role, host: 'here', pid: 1 }, sinceRound)
const parts = async () => (await readStatus()).parts
const logged = (msg: string) => at.log.map(line => JSON.parse(line)).filter(line => line.msg === msg)

test('a role without a recent heartbeat is down, and with it what the role does', async () => {
  expect(await parts()).toEqual({ ...allUp, requests: 'down', messages: 'down', results: 'down' })
  await see('ds')
  await see('worker', 0)
  expect(await parts()).toEqual(allUp)
  await at.sql`update heartbeats set at = at - interval '1 minute' where role = 'worker'`
  expect(await parts()).toEqual({ ...allUp, messages: 'down', results: 'down' })
  await see('worker', 0)
  expect(await parts()).toEqual(allUp)
})

test('a worker that is alive but completes no rounds is down, until another one does', async () => {
  await see('ds')
  await see('worker', minute)
  expect(await parts()).toEqual({ ...allUp, messages: 'down', results: 'down' })
  await see('worker', 0)
  expect(await parts()).toEqual(allUp)
})

test('each process has a row, which is removed when it stops, or an hour after it died', async () => {
  const left = randomUUID()
  await saveHeartbeat({ id: left, role: 'web', host: 'here', pid: 1 })
  await at.sql`update heartbeats set at = at - interval '61 minutes' where id = ${left}`
  const heartbeats = [startHeartbeat('ds'), startHeartbeat('ds')]
  const rows = async () => (await at.sql`select role, pid from heartbeats`).map(row => ({ ...row }))
  await until(async () => (await rows()).every(({ role }) => role === 'ds') && (await rows()).length === 2)
  expect(await rows()).toEqual([
    { role: 'ds', pid: process.pid },
    { role: 'ds', pid: process.pid },
  ])
  await heartbeats[0]?.stop()
  expect(await rows()).toHaveLength(1)
  await heartbeats[1]?.stop()
})

test('logs a worker without a round for half a minute, and messages due for as long', async () => {
  await at.areq()
  await at.window()
  at.advance(31)
  const heartbeat = startHeartbeat('worker', () => minute)
  await until(() => logged('outbox.late').length > 0)
  await heartbeat.stop()
  expect(logged('worker.stalled')).toMatchObject([{ age: 60 }])
  expect(logged('outbox.late')).toMatchObject([{ kind: 'email', age: 31 }])
})

test('what has been waiting too long to be sent is late', async () => {
  await see('ds')
  await see('worker', 0)
  await at.window()
  await at.deliver()
  expect(await parts()).toEqual(allUp)
  await at.window()
  at.advance(policy.deliveryPatience / 1000 + 1)
  expect(await parts()).toEqual({ ...allUp, messages: 'late' })
})
