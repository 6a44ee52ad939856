import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { savePulse } from '#db/queries/pulses.ts'
import { until } from '#db/testing/until.ts'
import { policy } from '#domain/challenge/policy.ts'
import { startPulse } from './pulse.ts'
import { readStatus } from './status.ts'
import { type Installation, startInstallation } from './testing/installation.ts'

let at: Installation

beforeAll(async () => {
  at = await startInstallation()
})
afterAll(() => at.stop())
beforeEach(() => at.sql`delete from pulses`)

const allUp = { site: 'up', requests: 'up', window: 'up', messages: 'up', results: 'up' } as const
const minute = 60_000
/** A process is seen, and a worker completed a round so long ago. */
const see = (role: 'ds' | 'worker', sinceRound?: number) =>
  savePulse({ id: randomUUID(), role, host: 'here', pid: 1 }, sinceRound)
const parts = async () => (await readStatus()).parts
const logged = (msg: string) => at.log.map(line => JSON.parse(line)).filter(line => line.msg === msg)

test('a role that was never seen, or not for a while, is down, and with it what it does', async () => {
  expect(await parts()).toEqual({ ...allUp, requests: 'down', messages: 'down', results: 'down' })
  await see('ds')
  await see('worker', 0)
  expect(await parts()).toEqual(allUp)
  await at.sql`update pulses set at = at - interval '1 minute' where role = 'worker'`
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

test('each process has a row, which goes when it ends, or is forgotten an hour after it ended without a word', async () => {
  const left = randomUUID()
  await savePulse({ id: left, role: 'web', host: 'here', pid: 1 })
  await at.sql`update pulses set at = at - interval '61 minutes' where id = ${left}`
  const pulses = [startPulse('ds'), startPulse('ds')]
  const rows = async () => (await at.sql`select role, pid from pulses`).map(row => ({ ...row }))
  await until(async () => (await rows()).every(({ role }) => role === 'ds') && (await rows()).length === 2)
  expect(await rows()).toEqual([
    { role: 'ds', pid: process.pid },
    { role: 'ds', pid: process.pid },
  ])
  await pulses[0]?.stop()
  expect(await rows()).toHaveLength(1)
  await pulses[1]?.stop()
})

test('a worker without a round for half a minute is logged, and so is what has been due for as long', async () => {
  await at.areq()
  await at.window()
  at.advance(31)
  const pulse = startPulse('worker', () => minute)
  await until(() => logged('outbox.late').length > 0)
  await pulse.stop()
  expect(logged('worker.stalled')).toMatchObject([{ age: 60 }])
  expect(logged('outbox.late')).toMatchObject([{ kind: 'email', age: 31 }])
})

test('what has been waiting too long to leave is late', async () => {
  await see('ds')
  await see('worker', 0)
  await at.window()
  await at.deliver()
  expect(await parts()).toEqual(allUp)
  await at.window()
  at.advance(policy.deliveryPatience / 1000 + 1)
  expect(await parts()).toEqual({ ...allUp, messages: 'late' })
})
