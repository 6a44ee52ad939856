import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { addressProblem, type OutboundRequest, post } from './outbound.ts'

const place = Symbol.for('safekey.mode')
const modeIs = (name: 'demo' | 'production') => Object.assign(globalThis, { [place]: { name } })

let server: Server
let react: RequestListener
let calls: { method: string; url: string; body: string; headers: object }[] = []
let host = ''

beforeEach(async () => {
  modeIs('demo')
  calls = []
  react = (_request, response) => response.end('{"ok":true}')
  server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { method = '', url = '', headers } = request
    calls.push({ method, url, headers, body: Buffer.concat(parts).toString('utf8') })
    react(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  Object.assign(globalThis, { [place]: undefined })
})

const call = (changes: Partial<OutboundRequest> = {}) =>
  post({
    url: `http://${host}/rreq`,
    hosts: [host],
    body: '{"名":"値"}',
    contentType: 'application/json; charset=utf-8',
    timeout: 5000,
    ...changes,
  })
const failed = (why: string) => ({ kind: 'failed', why })

test('sends a call to a host on the list, and returns its answer', async () => {
  expect(await call()).toEqual({ kind: 'answered', status: 200, body: '{"ok":true}' })
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': '13' }
  expect(calls).toMatchObject([{ method: 'POST', url: '/rreq', body: '{"名":"値"}', headers }])
})

describe('makes no call', () => {
  test.each([
    ['a host that is not on the list', () => ({ hosts: ['ds.example'] })],
    ['a host that is on the list with another port', () => ({ hosts: ['127.0.0.1:1'] })],
    ['a host that only begins like one on the list', () => ({ url: `http://${host}.evil.example/` })],
    ['an address with a name and password', () => ({ url: `http://user:pass@${host}/` })],
    ['an address of another kind', () => ({ url: 'file:///etc/passwd', hosts: [''] })],
    ['an invalid address', () => ({ url: 'rreq' })],
    ['no list at all', () => ({ hosts: [] })],
  ] as const)('to %s', async (_what, changes) => {
    expect(await call(changes())).toEqual(failed('not-allowed'))
    expect(calls).toEqual([])
  })

  test('over plain http, or to this machine, in production', async () => {
    modeIs('production')
    expect(await call()).toEqual(failed('not-allowed'))
    expect(await call({ url: `https://${host}/rreq` })).toEqual(failed('not-allowed'))
    expect(calls).toEqual([])
  })

  test('to a name with an internal address, in production: the address is checked when connecting', async () => {
    modeIs('production')
    let connections = 0
    const inside = createTcpServer(socket => {
      connections += 1
      socket.destroy()
    }).listen(0)
    await once(inside, 'listening')
    const name = `localhost:${(inside.address() as AddressInfo).port}`
    const answer = await call({ url: `https://${name}/`, hosts: [name] })
    inside.close()
    expect([answer, connections]).toEqual([failed('no-connection'), 0])
  })
})

describe('an address', () => {
  const inside = [
    ['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.1.1', '224.0.0.1'],
    ['255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1'],
    ['::ffff:a9fe:a9fe', '64:ff9b::7f00:1', '2002:7f00:1::'],
  ].flat()
  test.each(inside)('%s is not public', address => {
    modeIs('production')
    expect(addressProblem(address)).toMatch(/^(private|forbidden)-address$/)
  })
  test.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'])(
    '%s is public',
    address => {
      modeIs('production')
      expect(addressProblem(address)).toBeUndefined()
    },
  )
  test('in the private network is refused in the demo too, which may call only its own machine', () => {
    const verdicts = ['127.0.0.1', '::1', '10.1.2.3', '169.254.169.254', '192.168.1.1'].map(
      address => addressProblem(address) === undefined,
    )
    expect(verdicts).toEqual([true, true, false, false, false])
  })
  const houses = ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12::1', '::ffff:10.0.0.1']
  test.each(inside)('%s may be called where private ones are permitted only if it is one', address => {
    modeIs('production')
    expect(addressProblem(address, true) === undefined).toBe(houses.includes(address))
  })
  test.each(houses)('%s is private', address => {
    modeIs('production')
    expect([addressProblem(address), addressProblem(address, true)]).toEqual(['private-address', undefined])
  })
  test.each(['https://10.255.255.1:1/', 'https://[fd12::ffff]:1/'])(
    '%s is called where private ones are permitted',
    async url => {
      modeIs('production')
      const answer = await call({ url, hosts: [new URL(url).host], allowPrivate: true, timeout: 50 })
      expect(answer).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^(timeout|no-connection)$/) })
    },
  )
  test('of this machine is not called even where private ones are permitted', async () => {
    modeIs('production')
    const literal = await call({ url: `https://${host}/rreq`, allowPrivate: true })
    const name = `localhost:${new URL(`http://${host}`).port}`
    const named = await call({ url: `https://${name}/rreq`, hosts: [name], allowPrivate: true })
    expect([literal, named, calls]).toEqual([failed('not-allowed'), failed('no-connection'), []])
  })
  test.each(['https://10.1.2.3/', 'https://[::ffff:10.1.2.3]/', 'https://0x0a010203/', 'https://167838211/'])(
    '%s is refused in any notation, even on the list',
    async url => {
      modeIs('production')
      expect(await call({ url, hosts: [new URL(url).host] })).toEqual(failed('not-allowed'))
    },
  )
})

describe('an answer', () => {
  test('that redirects is not followed', async () => {
    react = (request, response) => {
      response.writeHead(request.url === '/rreq' ? 307 : 200, { location: `http://${host}/elsewhere` })
      response.end()
    }
    expect(await call()).toMatchObject({ kind: 'answered', status: 307 })
    expect(calls.map(({ url }) => url)).toEqual(['/rreq'])
  })

  test('longer than 64 kB is cut off', async () => {
    react = (_request, response) => response.end('x'.repeat(65_537))
    expect(await call()).toEqual(failed('too-large'))
    react = (_request, response) => response.end('x'.repeat(65_536))
    expect(await call()).toMatchObject({ kind: 'answered', status: 200 })
  })

  test('that never comes, or never ends, is abandoned when its time is over', async () => {
    react = () => {}
    expect(await call({ timeout: 50 })).toEqual(failed('timeout'))
    react = (_request, response) => response.write('{')
    expect(await call({ timeout: 50 })).toEqual(failed('timeout'))
  })

  test('that trickles endlessly is abandoned when its time is over, and its connection is closed', async () => {
    let closed = false
    react = (_request, response) => {
      const timer = setInterval(() => response.write(' '), 5)
      response.once('close', () => {
        clearInterval(timer)
        closed = true
      })
    }
    expect(await call({ timeout: 100 })).toEqual(failed('timeout'))
    await until(() => closed)
  })

  test('to a TLS handshake that never comes is abandoned when its time is over', async () => {
    const silent = createTcpServer(socket => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const name = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    expect(await call({ url: `https://${name}/`, hosts: [name], timeout: 100 })).toEqual(failed('timeout'))
    silent.close()
  })

  test('of a connection of its own has its time from the last byte sent, and connecting has another', async () => {
    const silent = createTcpServer(socket => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const name = `127.0.0.1:${(silent.address() as AddressInfo).port}`
    const slow = { url: `https://${name}/`, hosts: [name], connectTimeout: 50, timeout: 5000 }
    expect(await call(slow)).toEqual(failed('no-connection'))
    silent.close()
    react = () => {}
    expect(await call({ connectTimeout: 5000, timeout: 50 })).toEqual(failed('timeout'))
    const sockets = new Set<unknown>()
    react = (request, response) => {
      sockets.add(request.socket)
      response.end('{}')
    }
    for (let calls = 0; calls < 2; calls++) await call({ connectTimeout: 5000 })
    expect(sockets.size).toBe(2)
  })

  test('that is interrupted is a failure', async () => {
    react = request => request.socket.destroy()
    expect(await call()).toEqual(failed('connection-lost'))
    react = (request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{')
      setImmediate(() => request.socket.destroy())
    }
    expect(await call()).toEqual(failed('connection-lost'))
  })

  test('from a closed port is a failure', async () => {
    expect(await call({ url: 'http://127.0.0.1:1/', hosts: ['127.0.0.1:1'] })).toEqual(failed('no-connection'))
  })
})
