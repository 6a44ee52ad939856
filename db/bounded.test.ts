import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { boundedSql } from './bounded.ts'
import { byTcp, type FreshDatabase, freshDatabase } from './testing/database.ts'
import { TcpProxy } from './testing/tcp-proxy.ts'

const deadlines = { connect: 1000, query: 1000, transaction: 2000 }
let fresh: FreshDatabase
let admin: postgres.Sql
let proxy: TcpProxy
const pools: { end(): Promise<void> }[] = []

beforeAll(async () => {
  fresh = await freshDatabase()
  admin = postgres(onServer(fresh.url), { max: 1, onnotice: () => {} })
  await admin`create table written (value int primary key)`
  await admin`alter table written owner to safekey`
})
afterAll(async () => {
  await admin.end()
  await fresh.drop()
})
beforeEach(async () => {
  await admin`truncate written`
  proxy = await TcpProxy.to(byTcp(fresh.url).server)
})
afterEach(async () => {
  await Promise.all([...pools.splice(0).map(({ end }) => end()), proxy.close()])
})

/** The URL of the fresh database for the superuser. */
function onServer(url: string): string {
  return inject('databaseAdminUrl').replace(/\/[^/]*$/, url.slice(url.lastIndexOf('/')))
}

function pool(connections: number, ports: readonly number[] = [proxy.port], more = '', within = deadlines) {
  const made = boundedSql(byTcp(fresh.url).through(...ports) + more, connections, within)
  pools.push(made)
  return made.sql
}

const codeOf = (error: unknown) => (error as { code?: string }).code
const outcome = (work: PromiseLike<unknown>) =>
  work.then(
    () => 'done',
    error => codeOf(error) ?? String(error),
  )
const values = async () => (await admin`select value from written order by 1`).map(({ value }) => value)
/** Waits until the pool works again, limited only by the test's time-out. */
const works = (sql: postgres.Sql) => until(async () => (await outcome(sql`select 1`)) === 'done')

test('a statement of drizzle is prepared once on a connection, alone and in a transaction', async () => {
  const sql = pool(1)
  const unprepared = { prepare: false }
  for (const value of [1, 2]) await sql.unsafe('insert into written values ($1)', [value], unprepared)
  await sql.begin(tx => tx.unsafe('delete from written where value > $1', [0], unprepared))
  const prepared = await sql`
    select statement from pg_prepared_statements where statement like any (${['insert%', 'delete%']}) order by statement`
  expect(prepared.map(({ statement }) => statement)).toEqual([
    'delete from written where value > $1',
    'insert into written values ($1)',
  ])
})

test('a statement on a frozen connection fails, and the pool works again over a new one', async () => {
  const sql = pool(3)
  await Promise.all([1, 2, 3].map(() => sql`select 1`))
  proxy.freeze()
  const asked = [sql`select 1`, sql.unsafe('select 2'), sql.begin(tx => tx.unsafe('select 3'))]
  expect(await Promise.all(asked.map(outcome))).toEqual(asked.map(() => 'CONNECTION_SILENT'))
  proxy.replace()
  await works(sql)
})

test('a statement whose answer is late but within the deadline succeeds', async () => {
  const sql = pool(1)
  await sql`select 1`
  proxy.freeze()
  const answer = outcome(sql`insert into written values (1)`)
  setTimeout(() => proxy.thaw(), 200)
  expect(await answer).toBe('done')
  expect([proxy.accepted, await values()]).toEqual([1, [1]])
})

test('a connection that is frozen inside a transaction is dropped, and the transaction is rolled back', async () => {
  const sql = pool(1)
  const answer = await outcome(
    sql.begin(async tx => {
      await tx.unsafe('insert into written values (1)')
      proxy.freeze()
      await tx.unsafe('insert into written values (2)')
    }),
  )
  expect(answer).toBe('CONNECTION_SILENT')
  proxy.replace()
  await works(sql)
  proxy.cut()
  expect(await values()).toEqual([])
})

test('a statement that has waited too long for a connection is never sent', async () => {
  const sql = pool(2, [proxy.port], '', { connect: 1000, query: 3000, transaction: 1000 })
  await Promise.all([sql`select 1`, sql`select 1`])
  proxy.freeze()
  const held = [sql`select 1`, sql`select 1`].map(outcome)
  const waiting = [1, 2, 3].map(value => outcome(sql`insert into written values (${value})`))
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => 'NO_FREE_CONNECTION'))
  await Promise.all(held)
  proxy.replace()
  await works(sql)
  expect(await values()).toEqual([])
})

test('a slow server cancels the statement itself, and the connection stays open', async () => {
  const sql = pool(1)
  expect(await outcome(sql`select pg_sleep(60)`)).toBe('57014')
  await works(sql)
  expect(proxy.accepted).toBe(1)
})

test('a transaction whose statements together take too long is rolled back', async () => {
  const sql = pool(1)
  const answer = await outcome(
    sql.begin(async tx => {
      for (let value = 1; value < 100; value++) {
        await tx.unsafe(`insert into written values (${value})`)
        await tx.unsafe('select pg_sleep(0.5)')
      }
    }),
  )
  expect(answer).toBe('TRANSACTION_TOO_LONG')
  expect(await values()).toEqual([])
  await works(sql)
})

test('the server ends a transaction that is idle for too long', async () => {
  const sql = pool(1)
  const answer = await outcome(
    sql.begin(async tx => {
      await tx.unsafe('insert into written values (1)')
      await new Promise(resolve => setTimeout(resolve, 2 * deadlines.query))
      await tx.unsafe('insert into written values (2)')
    }),
  )
  expect(answer).toMatch(/^(CONNECTION_|25P03)/)
  expect(await values()).toEqual([])
  await works(sql)
})

test.each([
  ['is reset', () => proxy.cut()],
  ['is closed', () => proxy.hangUp()],
  [
    'loses its server process',
    (pid: number) => admin`select pg_terminate_backend(${pid})`.then(() => until(() => proxy.open === 0)),
  ],
])('a transaction whose connection %s fails, and the pool works again', async (_how, harm) => {
  const sql = pool(2)
  const answer = await outcome(
    sql.begin(async tx => {
      const [row] = await tx.unsafe('select pg_backend_pid() as pid')
      await harm(row?.pid)
      await until(() => proxy.open === 0)
      await tx.unsafe('insert into written values (1)')
    }),
  )
  expect(answer).toMatch(/^CONNECTION_|ECONNRESET/)
  await works(sql)
  expect(await values()).toEqual([])
})

test('a transaction that caught the loss of its connection is not reported as committed', async () => {
  const sql = pool(1)
  const answer = await outcome(
    sql.begin(async tx => {
      const asked = outcome(tx.unsafe('select pg_sleep(0.9)'))
      setTimeout(() => proxy.hangUp(), 100)
      return asked
    }),
  )
  expect(answer).toMatch(/^CONNECTION_/)
  await works(sql)
})

test('statements fail at once while the server refuses connections, and work again when it is back', async () => {
  const sql = pool(2)
  await sql`select 1`
  const { port } = proxy
  await proxy.close()
  await until(async () => (await outcome(sql`select 1`)) === 'ECONNREFUSED')
  await proxy.listen()
  expect(proxy.port).toBe(port)
  await works(sql)
})

test('a server that closes every new connection is not retried for ever', async () => {
  const sql = pool(1)
  proxy.refuse()
  expect(await outcome(sql`select 1`)).toBe('CONNECTION_LOST')
  const { accepted } = proxy
  expect(accepted).toBeLessThan(5)
})

test('uses the host that answers among several, and fails statements when none does', async () => {
  const second = await TcpProxy.to(byTcp(fresh.url).server)
  const sql = pool(2, [proxy.port, second.port])
  await works(sql)
  await proxy.close()
  await works(sql)
  await second.close()
  await until(async () => (await outcome(sql`select 1`)) === 'CONNECT_TIMEOUT')
  await second.listen()
  await works(sql)
  await Promise.all([second.close(), proxy.listen()])
  await works(sql)
})

test('finds the host that accepts writes among several', async () => {
  const second = await TcpProxy.to(byTcp(fresh.url).server)
  const sql = pool(1, [proxy.port, second.port], '?target_session_attrs=read-write')
  expect(await outcome(sql`insert into written values (1)`)).toBe('done')
  await second.close()
})

test('statements fail while the database has too many connections, and work again when it has room', async () => {
  const name = fresh.url.slice(fresh.url.lastIndexOf('/') + 1)
  await admin.unsafe(`alter database ${name} connection limit 0`)
  const sql = pool(2)
  expect(await outcome(sql`select 1`)).toBe('53300')
  await admin.unsafe(`alter database ${name} connection limit -1`)
  await works(sql)
})

test('connections to a server that has become read-only are dropped, so that its successor is found', async () => {
  const name = fresh.url.slice(fresh.url.lastIndexOf('/') + 1)
  await admin.unsafe(`alter database ${name} set default_transaction_read_only = on`)
  const sql = pool(2)
  const write = () => outcome(sql`insert into written values (1)`)
  expect(await write()).toBe('25006')
  await admin.unsafe(`alter database ${name} reset default_transaction_read_only`)
  await until(async () => (await write()) === 'done')
})

test('a parameter of the URL overrides ours, and an empty one leaves the value to the server', async () => {
  const [row] = await pool(1, [proxy.port], '?statement_timeout=7000&idle_in_transaction_session_timeout=').unsafe(
    `select current_setting('statement_timeout') as statement,
            current_setting('idle_in_transaction_session_timeout') as idle`,
  )
  expect(row).toEqual({ statement: '7s', idle: '0' })
})
