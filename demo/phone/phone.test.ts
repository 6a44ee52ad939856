import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Faults } from '../faults.ts'
import { freePort } from '../free-port.ts'
import { listenOnLoopback, makeServer } from '../http-server.ts'
import { DemoClock } from '../inbox/clock.ts'
import { openPhone } from './index.ts'

const product = 'http://acs.localhost:3000'
const seen: IncomingMessage[] = []
const site = createServer((request, response) => {
  seen.push(request)
  const { method, url = '' } = request
  response.setHeader('set-cookie', `visit=${seen.length}; Path=/; Secure; HttpOnly`)
  if (method === 'POST') {
    response.writeHead(303, { location: `${product}/en/account` })
    return response.end()
  }
  response.setHeader('content-type', url.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8')
  response.end(
    `<html><body class="page"><a href="/ja/account">1</a><a href="${product}/en/">2</a><a href="https://www.minatomachi.example/">3</a><form action="" method="POST"></form></body></html>`,
  )
})
let origin = ''
let server: { close(): Promise<void> }

beforeAll(async () => {
  site.listen(0, 'localhost')
  await once(site, 'listening')
  const dataDir = mkdtempSync(join(tmpdir(), 'phone-'))
  const port = await freePort()
  origin = `http://localhost:${port}`
  const app = makeServer(64 * 1024)
  openPhone(app, {
    dataDir,
    product: { origin: product, port: (site.address() as AddressInfo).port },
    shopOrigin: 'http://localhost:3001',
    origin,
    secret: 'swordfish',
    appPushSecret: 'the secret of the push service of the app',
    letter: async () => '',
    messages: () => [],
    clock: new DemoClock(dataDir),
    faults: new Faults(),
    deliver: () => {},
  })
  server = await listenOnLoopback(app, port)
})
afterAll(async () => {
  site.close()
  await server.close()
})

const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(origin + path, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })

test("shows the product's page with its links leading through the phone, and runs no script", async () => {
  const answer = await fetch(`${origin}/phone/web/en/account/sign-in`)
  const page = await answer.text()
  expect(page).toContain('<a href="/phone/web/ja/account">1</a><a href="/phone/web/en/">2</a>')
  expect(page).toContain('<a href="https://www.minatomachi.example/">3</a>')
  expect(page).toMatch(/<body class="page"><div [\s\S]*Unlock to sign in/)
  expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox allow-forms [^;]*; default-src 'none';/)
  expect(answer.headers.get('set-cookie')).toBeNull()
})

test("visits the product as a browser of its own, with the product's host, origin and cookies", async () => {
  await fetch(`${origin}/phone/web/ja/account`)
  const visits = seen.length
  const answer = await post('/phone/web/ja/account', { code: '123456' }, { origin })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/phone/web/en/account'])
  expect(seen.at(-1)).toMatchObject({
    url: '/ja/account',
    headers: { host: 'acs.localhost:3000', origin: product, cookie: `visit=${visits}`, 'accept-language': 'ja' },
  })
})

test('refuses a post from a page of another site', async () => {
  const visits = seen.length
  expect((await post('/phone/web/ja/account', {}, { origin: 'https://other.example' })).status).toBe(403)
  expect((await post('/phone/web/ja/account', {})).status).toBe(403)
  for (const path of ['/phone/open', '/phone/unsubscribe', '/phone/ceremony'])
    expect((await post(path, { secret: 'guess', page: '/ja/account/passkeys' })).status).toBe(403)
  expect(seen).toHaveLength(visits)
})

test('says so when the product does not accept what the phone sends in place of a script', async () => {
  const answer = await post('/phone/ceremony', { secret: 'swordfish', page: '/en/account/passkeys' })
  expect(answer.headers.get('location')).toBe('/phone/web/en/account/passkeys?refused')
  expect(await (await fetch(`${origin}${answer.headers.get('location')}`)).text()).toContain('That was not accepted.')
  expect((await post('/phone/ceremony', { secret: 'swordfish', page: 'https://other.example/' })).status).toBe(400)
})
