import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connect, database, disconnect } from '#db/client.ts'
import { byTcp, onDatabase } from '#db/testing/database.ts'
import { TcpProxy } from '#db/testing/tcp-proxy.ts'
import { type Certificate, CertificateAuthority } from '../testing/certificates.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { freePort } from '../testing/free-port.ts'
import { prepareDatabase } from './prepare.ts'

let at: Deployment
let folder: string
const servers: { close(): unknown }[] = []

beforeAll(async () => {
  at = await startDeployment()
  folder = mkdtempSync(join(tmpdir(), 'safekey-database-'))
  await disconnect()
})
afterAll(async () => {
  await at.stop()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())))

const short = { DATABASE_CONNECT_TIME: '1000', DATABASE_QUERY_TIME: '1000' }

/** The line that an operator reads when the start cannot use this database; undefined if it can. */
async function complaint(url: string): Promise<string | undefined> {
  at.configure({ DATABASE_URL: url, ...short })
  try {
    await prepareDatabase()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
const line = (cause: RegExp) =>
  new RegExp(`^DATABASE_URL must be a database that can be reached and changed, but ${cause.source}, for example .+$`)

async function proxied(): Promise<TcpProxy> {
  const proxy = await TcpProxy.to(byTcp(at.url).server)
  servers.push(proxy)
  return proxy
}

/** A TLS front for PostgreSQL, since the test run's own server has none: terminates TLS and forwards. */
async function withTls(certificate: Certificate): Promise<number> {
  const { path } = byTcp(at.url).server
  const open = new Set<Socket>()
  const server: Server = createServer(client => {
    open.add(client)
    client.on('error', () => {})
    // The first message requests TLS; the answer S accepts.
    client.once('data', () => {
      client.write('S')
      const tls = new TLSSocket(client, { isServer: true, cert: certificate.cert, key: certificate.key })
      const inside = connectTo(path)
      tls.on('error', () => inside.destroy()).on('close', () => inside.destroy())
      inside.on('error', () => tls.destroy())
      tls.pipe(inside).pipe(tls)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  servers.push({ close })
  return (server.address() as { port: number }).port
}

test('the start reports in one line that the host is unknown, or that nothing listens there', async () => {
  const url = byTcp(at.url).through(await freePort())
  expect(await complaint(url)).toMatch(
    line(/the host is there, but no PostgreSQL listens at this port \(ECONNREFUSED\)/),
  )
  const unknown = url.replace('127.0.0.1', 'nowhere.invalid')
  expect(await complaint(unknown)).toMatch(line(/no host has this name \((ENOTFOUND|EAI_AGAIN)\)/))
})

test('the start reports in one line that the host does not answer', async () => {
  const proxy = await proxied()
  proxy.freeze()
  expect(await complaint(byTcp(at.url).through(proxy.port))).toMatch(
    line(/the host does not answer \(CONNECT_TIMEOUT\)/),
  )
})

test('the start distinguishes a wrong password, an unknown database and missing rights', async () => {
  expect(await complaint(at.url.replace(/:[^:@/]+@/, ':guessed@'))).toMatch(
    line(/the user or the password .+ \(28P01\)/),
  )
  expect(await complaint(onDatabase(at.url, 'absent'))).toMatch(line(/there is no database of this name \(3D000\)/))
  expect(await complaint(at.url)).toBeUndefined()
})

test('the start reports in one line that TLS fails', async () => {
  const authority = new CertificateAuthority(folder, 'authority')
  const port = await withTls(authority.sign('db'))
  const url = byTcp(at.url).through(port)
  expect(await complaint(`${url}?sslmode=verify-full`)).toMatch(line(/TLS fails: .+ \(.+\)/))
  expect(await complaint(`${url}?sslmode=require`)).toBeUndefined()
  const without = await proxied()
  expect(await complaint(`${byTcp(at.url).through(without.port)}?sslmode=require`)).toMatch(line(/.*TLS.*/))
})

test('over TLS, too, a frozen connection fails in time, and the next statement gets a new one', async () => {
  const port = await withTls(new CertificateAuthority(folder, 'other').sign('db'))
  const proxy = await TcpProxy.to({ port })
  servers.push(proxy)
  connect(`${byTcp(at.url).through(proxy.port)}?sslmode=require`, {
    connections: 1,
    deadlines: { connect: 1000, query: 1000, transaction: 2000 },
  })
  const ask = () => database().execute(sql`select 1`)
  await ask()
  proxy.freeze()
  await expect(ask()).rejects.toMatchObject({ cause: { code: 'CONNECTION_SILENT' } })
  proxy.replace()
  await ask()
  expect(proxy.accepted).toBe(2)
  await disconnect()
})

test('a database of another mode is refused before anything in it is changed', async () => {
  connect(at.url)
  const [last] = await database().execute<{ id: number }>(sql`delete from drizzle.__drizzle_migrations returning id`)
  await database().execute(sql`update deployment set mode = 'production'`)
  await disconnect()
  expect(last).toBeDefined()
  expect(await complaint(at.url)).toBe('DATABASE_URL must be a database of demo, but this one belongs to production')
  connect(at.url)
  expect(await database().execute(sql`select id from drizzle.__drizzle_migrations`)).toHaveLength(0)
})
