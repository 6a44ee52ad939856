import { afterAll, beforeAll, expect, test } from 'vitest'
import { savePulse } from '#db/queries/pulses.ts'
import { policy } from '#domain/challenge/policy.ts'
import { readStatus } from './status.ts'
import { type Installation, startInstallation } from './testing/installation.ts'

let at: Installation

beforeAll(async () => {
  at = await startInstallation()
})
afterAll(() => at.stop())

const allUp = { site: 'up', requests: 'up', window: 'up', messages: 'up', results: 'up' } as const

test('a role that was never seen, or not for a while, is down, and with it what it does', async () => {
  expect((await readStatus()).parts).toEqual({ ...allUp, requests: 'down', messages: 'down', results: 'down' })
  await savePulse('ds')
  await savePulse('worker')
  expect((await readStatus()).parts).toEqual(allUp)
  await at.sql`update pulses set at = at - interval '1 minute' where role = 'worker'`
  expect((await readStatus()).parts).toEqual({ ...allUp, messages: 'down', results: 'down' })
  await savePulse('worker')
  expect((await readStatus()).parts).toEqual(allUp)
})

test('what has been waiting too long to leave is late', async () => {
  await savePulse('ds')
  await savePulse('worker')
  await at.window()
  expect((await readStatus()).parts).toEqual(allUp)
  at.advance(policy.deliveryPatience / 1000 + 1)
  expect((await readStatus()).parts).toEqual({ ...allUp, messages: 'late' })
})
