import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Faults } from '../faults.ts'
import { freePort } from '../free-port.ts'
import { listenOnLoopback, makeServer } from '../http-server.ts'
import { openPushService } from './push-service.ts'

const faults = new Faults()
let received: Buffer[] = []
let origin = ''
let authorization = ''
let server: { close(): Promise<void> }

beforeAll(async () => {
  const keys = await generateKeyPair('ES256')
  const { x = '', y = '' } = await exportJWK(keys.publicKey)
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const applicationServerKey = point.toString('base64url')
  const port = await freePort()
  origin = `http://localhost:${port}`
  const token = await new SignJWT({ aud: origin, sub: 'mailto:push@minatomachi.example' })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime('1h')
    .sign(keys.privateKey)
  authorization = `vapid t=${token}, k=${applicationServerKey}`
  const subscriber = { applicationServerKey, receive: (body: Buffer) => received.push(body) }
  const app = makeServer(64 * 1024)
  openPushService(app, {
    origin,
    faults,
    find: id => (id === 'gone' ? 'gone' : id.startsWith('active') ? subscriber : undefined),
  })
  server = await listenOnLoopback(app, port)
})
beforeEach(() => {
  received = []
})
afterAll(() => server.close())

function send({
  to = 'active',
  body = Buffer.from('encrypted'),
  headers = {} as Record<string, string | undefined>,
} = {}) {
  const all = { authorization, ttl: '180', urgency: 'high', 'content-encoding': 'aes128gcm', ...headers }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return fetch(`${origin}/push/${to}`, {
    method: 'POST',
    headers: Object.fromEntries(given),
    body: new Uint8Array(body),
  })
}

test('passes a message on as it came, whatever its media type is', async () => {
  const answer = await send({ headers: { 'content-type': 'application/notification+json' } })
  expect([answer.status, answer.headers.get('ttl')]).toEqual([201, '180'])
  expect(answer.headers.get('location')).toMatch(new RegExp(`^${origin}/push/messages/.+`))
  await send()
  expect(received.map(String)).toEqual(['encrypted', 'encrypted'])
})

test.each([
  ['a subscription that never was', { to: 'unknown' }, 404, undefined],
  ['a subscription that has ended', { to: 'gone' }, 410, undefined],
  ['no identification of the sender', { headers: { authorization: undefined } }, 401, 'Authorization'],
  ['an identification that is not valid', { headers: { authorization: 'vapid t=a.b.c, k=BA' } }, 403, 'Authorization'],
  ['no TTL', { headers: { ttl: undefined } }, 400, 'TTL'],
  ['a TTL that is no number', { headers: { ttl: '-1' } }, 400, 'TTL'],
  ['an unknown urgency', { headers: { urgency: 'very-high' } }, 400, 'Urgency'],
  ['a topic that is too long', { headers: { topic: 'a'.repeat(33) } }, 400, 'Topic'],
  ['another content coding', { headers: { 'content-encoding': 'aesgcm' } }, 415, 'Content-Encoding'],
  ['a message that is too large', { body: Buffer.alloc(4097) }, 413, undefined],
])('refuses %s and says why', async (_, message, status, field) => {
  const answer = await send(message)
  expect([answer.status, await answer.json()]).toEqual([status, { error: expect.any(String), field }])
  expect(received).toEqual([])
})

test('refuses the 61st message within a minute, and says when to come back', async () => {
  const answers = await Promise.all(Array.from({ length: 61 }, () => send({ to: 'active-and-busy' })))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(['60'])
  expect(received).toHaveLength(60)
})

test('cuts the connection when it is down, and has no subscriptions when they are gone', async () => {
  await faults.set({ push: 'down' })
  await expect(send()).rejects.toThrow()
  await faults.set({ push: 'gone' })
  expect((await send()).status).toBe(410)
  await faults.set({ push: 'up' })
  expect((await send()).status).toBe(201)
})
