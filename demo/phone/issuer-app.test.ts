import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Faults } from '../faults.ts'
import { freePort } from '../free-port.ts'
import { listenOnLoopback, makeServer } from '../http-server.ts'
import { DemoClock } from '../inbox/clock.ts'
import { signatureHeaders } from '../signed-request.ts'
import { AppDevice } from './app-device.ts'
import { openPhone } from './index.ts'
import { Memory } from './memory.ts'

// The app and its push service, without the product. server/approval/app-calls.test.ts has the calls.

const appPushSecret = 'the secret of the push service of the app'
const dataDir = mkdtempSync(join(tmpdir(), 'phone-'))
const clock = new DemoClock(dataDir)
const faults = new Faults()
const id = randomUUID()
let origin = ''
let server: { close(): Promise<void> }

beforeAll(async () => {
  const memory = new Memory(join(dataDir, 'phone.json'))
  memory.contents.app = { id, privateKey: new AppDevice().privateKey }
  memory.save()
  const port = await freePort()
  origin = `http://localhost:${port}`
  const app = makeServer(64 * 1024)
  openPhone(app, {
    ...{ dataDir, origin, secret: 'swordfish', appPushSecret, clock, faults },
    product: { origin: 'http://acs.localhost:1', port: 1 },
    shopOrigin: 'http://localhost:3001',
    deliver: () => {},
    letter: async () => '',
    messages: () => [],
  })
  server = await listenOnLoopback(app, port)
})
afterAll(() => server.close())

const notification = () => ({
  ...{ id: randomUUID(), device: id, request: randomUUID(), title: 'SafeKey', body: 'Sample Shop', language: 'en' },
  expiresAt: '2027-06-01T01:03:00.000Z',
})
const push = async (value: unknown, secret = appPushSecret) => {
  const body = JSON.stringify(value)
  const headers = { 'content-type': 'application/json', ...signatureHeaders(body, secret, clock.now()) }
  return (await fetch(`${origin}/push/app`, { method: 'POST', headers, body })).status
}
const lockScreen = async () => (await fetch(`${origin}/phone?lang=en`)).text()

test('shows a signed notification once, and a tap opens the app', async () => {
  const sent = notification()
  expect([await push(sent), await push(sent)]).toEqual([202, 409])
  const shown = [...(await lockScreen()).matchAll(/name="id" value="([^"]+)"/g)]
  expect(shown).toHaveLength(1)
  const body = new URLSearchParams({ secret: 'swordfish', lang: 'en', id: shown[0]?.[1] ?? '' })
  const opened = await fetch(`${origin}/phone/open`, { method: 'POST', body, redirect: 'manual' })
  expect(opened.headers.get('location')).toBe('/phone/app?lang=en')
})

test('refuses a notification that is not signed, not complete, or for another device', async () => {
  expect(await push(notification(), 'another secret')).toBe(401)
  expect(await push({ ...notification(), title: '' })).toBe(400)
  expect(await push({ ...notification(), device: randomUUID() })).toBe(410)
  await faults.set({ push: 'gone' })
  expect(await push(notification())).toBe(410)
  await faults.set({ push: 'up' })
})

test('says so when the product cannot be reached, and asks for the secret of the demo', async () => {
  expect(await (await fetch(`${origin}/phone/app?lang=en`)).text()).toContain('The service cannot be reached.')
  const outcome = await (await fetch(`${origin}/phone/app?lang=en&outcome=constructor`)).text()
  expect(outcome).toContain('That was not accepted.')
  for (const path of ['pair', 'approve', 'refuse', 'forget'])
    expect((await fetch(`${origin}/phone/app/${path}`, { method: 'POST', body: new URLSearchParams() })).status).toBe(
      403,
    )
})
