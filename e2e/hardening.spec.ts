import { connect } from 'node:net'
import { formsIn } from '../demo/phone/forms.ts'
import { send } from './raw.ts'
import { expect, test } from './test.ts'
import { creqOf, decode, encode } from './visitor.ts'

// Attacks that were tried once.

test('an odd request of one visitor for a page does not affect the next visitor', async ({ product }) => {
  const { web } = product.addresses
  const host = new URL(web).host
  const odd = { host, 'content-security-policy': "script-src 'nonce-evil'" }
  await send(web, { path: '/en?evil=1', headers: { ...odd, rsc: '1' } })
  for (const path of ['/en', '/ja', '/ja/nowhere']) {
    await send(web, { path: `${path}?evil=1`, headers: odd })
    const { body, headers } = await send(web, { path, headers: { host } })
    expect(body).not.toContain('evil')
    expect(headers['cache-control']).toMatch(path === '/ja/nowhere' ? /^no-store$/ : /^public, max-age=60,/)
  }
})

test('only the beginning of a list of languages is read', async ({ product }) => {
  const { web } = product.addresses
  const host = new URL(web).host
  const madeUp = Array.from({ length: 2000 }, (_, index) => `x${index.toString(36)}`)
  const ask = async (languages: string) =>
    (await send(web, { headers: { host, 'accept-language': languages } })).headers.location
  expect(await ask('en')).toMatch(/\/en$/)
  expect(await ask([...madeUp, 'en'].join())).toMatch(/\/ja$/)
})

test('requests for another protocol are refused like any other, and their connections are closed', async ({
  product,
}) => {
  const { web } = product.addresses
  const { host, port } = new URL(web)
  await send(web, { path: '/ja', headers: { host } })
  const ask = (method: string, name: string) =>
    new Promise<{ answer: string; closed: Promise<void> }>(resolve => {
      const socket = connect(Number(port), 'localhost', () => {
        socket.write(`${method} HTTP/1.1\r\nHost: ${name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      })
      let text = ''
      const closed = new Promise<void>(end => socket.once('close', () => end()))
      socket.on('error', () => {})
      socket.setEncoding('utf8').on('data', part => {
        text += part
        // From now on only the server can end it.
        if (!socket.writableEnded) socket.end()
      })
      void closed.then(() => resolve({ answer: text.split('\r\n')[0] ?? '', closed }))
    })
  const answers = async (method: string, name: string) => {
    const all = await Promise.all(Array.from({ length: 100 }, () => ask(method, name)))
    return [...new Set(all.map(({ answer }) => answer))]
  }
  expect(await answers('GET /ja', 'evil.example')).toEqual(['HTTP/1.1 421 Misdirected Request'])
  expect(await answers('GET /_next/hmr', 'evil.example')).toEqual(['HTTP/1.1 421 Misdirected Request'])
  expect(await answers('GET /ja', host)).toEqual(['HTTP/1.1 200 OK'])
  expect(await answers('CONNECT inside:80', host)).toEqual([''])
})

test('a request with more headers than a browser sends is refused', async ({ product }) => {
  const { web } = product.addresses
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`x-${index}`, '1']))
  expect((await send(web, { headers: { ...many, host: new URL(web).host } })).status).toBe(431)
})

test('of next-auth, only what the account’s pages ask for can be reached', async ({ product }) => {
  const { web } = product.addresses
  const post = {
    method: 'POST',
    body: 'a=b',
    headers: { origin: web, 'content-type': 'application/x-www-form-urlencoded' },
  }
  for (const name of [
    'signin',
    'signout',
    'providers',
    'verify-request',
    'error',
    'error/%E3%81%82',
    'error/%0d%0ax',
  ]) {
    const path = `/api/auth/${name}`
    expect((await send(web, { path })).status, path).toBe(404)
    expect((await send(web, { path, ...post })).status, path).toBe(404)
  }
  const { status, headers } = await send(web, { path: '/api/auth/session' })
  expect([status, String(headers['set-cookie'] ?? '')]).toEqual([200, expect.not.stringContaining('safekey-session')])
})

test('posts from the same host over another scheme are cross-site', async ({ product, shop, visitor }) => {
  const { web } = product.addresses
  const path = await visitor.open(await shop.order())
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const to of [path, '/ja/account/sign-in', '/api/auth/session']) {
    const post = (origin: string) => send(web, { method: 'POST', path: to, headers: { ...form, origin }, body: 'a=b' })
    expect((await post(web.replace('http:', 'https:'))).status, to).toBe(403)
    expect((await post(web)).status, to).not.toBe(403)
  }
})

test('no detour through the health check reaches a page under another host', async ({ product, shop, visitor }) => {
  const path = await visitor.open(await shop.order())
  for (const detour of ['/health/..', '/health/%2e%2e', '/health/live/..', '/health/.%2E', '/health\\..']) {
    const { status } = await send(product.addresses.web, {
      path: `${detour}${path}`,
      headers: { host: 'evil.example' },
    })
    expect([400, 421]).toContain(status)
    const own = await send(product.addresses.web, {
      path: `${detour}${path}`,
      headers: { host: new URL(product.addresses.web).host },
    })
    expect(own.status).toBe(400)
  }
  const healthy = await send(product.addresses.web, { path: '/health/live', headers: { host: '10.0.0.7' } })
  expect(healthy.status).toBe(200)
})

test('session data with a character that cannot be stored is the merchant’s error, not ours', async ({
  shop,
  visitor,
}) => {
  for (const threeDSSessionData of ['a\0b', 'x'.repeat(1025)]) {
    const order = await shop.order()
    const answer = await visitor.postCReq({ creq: encode(creqOf(order)), threeDSSessionData })
    expect(answer.status).toBe(400)
    const [form] = formsIn(await answer.text())
    expect(decode(form?.fields.erro)).toMatchObject({ errorCode: '203', errorDetail: 'threeDSSessionData' })
    expect(form?.fields).not.toHaveProperty('threeDSSessionData')
  }
})

test('the window’s actions accept only forms from its pages', async ({ shop, visitor, product }) => {
  const path = await visitor.open(await shop.order())
  const form = await visitor.form(path, 'name="code"')
  const [action = ''] = Object.keys(form.fields).filter(name => name.startsWith('$ACTION_ID_'))
  const id = action.slice('$ACTION_ID_'.length)
  const host = new URL(product.addresses.web).host
  for (const body of ['{}', '[null]', '[', '[{"get":"$F1"}]', '']) {
    const { status } = await send(product.addresses.web, {
      method: 'POST',
      path,
      headers: {
        host,
        origin: product.addresses.web,
        'next-action': id,
        'content-type': 'text/plain',
        accept: 'text/x-component',
      },
      body,
    })
    expect(status).toBe(415)
  }
  const bound = { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${id}","bound":"$@1"}`, '$ACTION_1:1': '["x"]' }
  expect((await visitor.submit(path, { action: path, fields: bound })).status).toBe(400)
  const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const answer = await visitor.submit(path, form, { code: '' }, forwarded)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe(path)
})

test('an AReq of only duplicate names is answered like any other', async ({ product, shop }) => {
  const long = 'x'.repeat(130_000)
  const doubled = Array.from({ length: 20_000 }, () => '"a":0').join()
  const body = `{"messageType":"AReq","messageVersion":"2.2.0","${long}":{${doubled}}}`
  const answer = await fetch(`${product.addresses.ds}/acs/areq`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(await answer.json()).toMatchObject({ messageType: 'Erro', errorCode: '204' })
  expect((await shop.order({ amount: 1200 })).ares).toMatchObject({ transStatus: 'Y' })
})
