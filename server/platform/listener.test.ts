import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { limitConnections, listenerOptions, withFewHeaders } from './listener.ts'

// Over raw sockets, as a client that wants to block the server would open them.

const most = 10
const lines: { readonly msg: string }[] = []
const servers: Server[] = []
const clients: Socket[] = []
const put = (name: string, value: unknown) => Object.assign(globalThis, { [Symbol.for(`safekey.${name}`)]: value })

beforeEach(() => {
  put('config', { maxConnections: most })
  put('mode', { name: 'production' })
  put('log', pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(JSON.parse(line)) }))
})
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
  for (const server of servers.splice(0)) server.close()
  lines.length = 0
})

async function listen(
  handler = (_: IncomingMessage, response: ServerResponse) => void response.end('ok'),
  role: 'web' | 'ds' = 'web',
) {
  const server = createServer(listenerOptions({ headers: 300, request: 600 }), withFewHeaders(handler))
  limitConnections(server, role)
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return server
}

interface Client {
  readonly socket: Socket
  readonly read: () => string
  readonly isClosed: () => boolean
}

function open(server: Server, said = ''): Client {
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1', () => said && socket.write(said))
  clients.push(socket)
  let text = ''
  let closed = false
  socket.setEncoding('latin1').on('data', part => {
    text += part
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
  })
  return { socket, read: () => text, isClosed: () => closed }
}

const connections = (server: Server) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test.each([
  ['sends nothing', ''],
  ['never ends its headers', 'GET / HTTP/1.1\r\nHost: a\r\n'],
  ['never ends its body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf'],
  [
    'asks whether to go on, and does not',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n',
  ],
])('closes the connection of a client that %s', async (_, said) => {
  const server = await listen((request, response) => void request.resume().on('end', () => response.end('ok')))
  const client = open(server, said)
  await until(client.isClosed)
  expect(client.read()).toMatch(/408 Request Timeout/)
  expect(await connections(server)).toBe(0)
})

test('closes the connection of a client that sends its headers byte by byte', async () => {
  const client = open(await listen(), 'GET / HTTP/1.1\r\n')
  const dripping = setInterval(() => client.socket.write('x'), 50)
  await until(client.isClosed)
  clearInterval(dripping)
  expect(client.read()).toMatch(/408 Request Timeout/)
})

test('closes the connection of a client that does not read its answer', async () => {
  const server = await listen((_, response) => void response.end(Buffer.alloc(50_000_000)))
  // In the product this takes a minute; the test only checks that it happens.
  expect(server.timeout).toBe(60_000)
  server.timeout = 300
  const client = open(server, get)
  client.socket.pause()
  await until(async () => (await connections(server)) === 0)
})

test.each([
  [
    'an upgrade is a request like any other',
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    /^HTTP\/1.1 200/,
  ],
  ['a tunnel is not opened', 'CONNECT inside:80 HTTP/1.1\r\nHost: a\r\n\r\n', /^$/],
  ['an expectation of another kind is refused', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n', /^HTTP\/1.1 417/],
  ['what is no HTTP is refused', '\x16\x03\x01\x00\x05hello', /^HTTP\/1.1 400/],
])('%s, and its connection is closed', async (_, said, answer) => {
  const server = await listen()
  const client = open(server, said)
  await until(() => client.isClosed() || client.read().includes('\r\n\r\n'))
  expect(client.read()).toMatch(answer)
  client.socket.destroy()
  await until(async () => (await connections(server)) === 0)
})

test('refuses a request with more than 100 headers, whatever they are', async () => {
  const server = await listen((request, response) => void response.end(request.headers.last))
  const filling = (count: number) => Array.from({ length: count }, (_, index) => `x-${index}: 1\r\n`).join('')
  const ask = async (count: number) => {
    const client = open(
      server,
      `GET / HTTP/1.1\r\nHost: a\r\n${filling(count - 3)}Connection: close\r\nLast: here\r\n\r\n`,
    )
    await until(client.isClosed)
    return client.read()
  }
  expect(await ask(100)).toMatch(/^HTTP\/1.1 200 OK[\s\S]*here$/)
  expect(await ask(101)).toMatch(/^HTTP\/1.1 431 /)
  expect(await ask(900)).toMatch(/^HTTP\/1.1 431 /)
})

test('refuses headers of more than 16 kB', async () => {
  const client = open(await listen(), `GET / HTTP/1.1\r\nHost: a\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`)
  await until(client.isClosed)
  expect(client.read()).toMatch(/^HTTP\/1.1 431 /)
})

test('at its limit closes new connections, continues with active ones, and logs that once', async () => {
  const waiting: ServerResponse[] = []
  const server = await listen((_, response) => void waiting.push(response))
  const working = Array.from({ length: most }, () => open(server, get))
  await until(() => waiting.length === most)
  const late = Array.from({ length: 50 }, () => open(server, get))
  await until(() => late.every(client => client.isClosed()))
  expect(late.map(client => client.read()).join('')).toBe('')
  expect(lines).toEqual([{ level: 40, msg: 'connections.full', role: 'web', count: most }])
  for (const response of waiting) response.end('served')
  await until(() => working.every(client => client.read().endsWith('served')))
})

test('at its limit closes idle connections to make room, except those of directory servers', async () => {
  const server = await listen()
  const idle = Array.from({ length: most }, () => open(server, get))
  await until(() => idle.every(client => client.read().endsWith('ok')))
  await until(() => open(server).isClosed() || idle.every(client => client.isClosed()))
  const next = open(server, get)
  await until(() => next.read().endsWith('ok'))

  const ds = await listen(undefined, 'ds')
  const kept = Array.from({ length: most }, () => open(ds, get))
  await until(() => kept.every(client => client.read().endsWith('ok')))
  await until(open(ds).isClosed)
  for (const client of kept) client.socket.write(get)
  await until(() => kept.every(client => client.read().split('ok').length === 3))
})

test('logs an error of a listening server, and does not end the process', async () => {
  const server = await listen()
  server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }))
  expect(lines).toMatchObject([{ msg: 'connections.failed', role: 'web', error: { code: 'EMFILE' } }])
})
