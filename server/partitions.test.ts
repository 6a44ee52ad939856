import { randomBytes, randomUUID } from 'node:crypto'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { grantRunTime } from '#db/grants.ts'
import { insertAuthentication } from '#db/queries/authentications.ts'
import { lockChallenge } from '#db/queries/challenges.ts'
import { purgeAuthentications, purgeMessages, purgePartsOfChallenges } from '#db/queries/old-payments.ts'
import { dropPartition, makePartition, type Partitioned, partitioned, partitionsOf } from '#db/queries/partitions.ts'
import * as schema from '#db/schema.ts'
import { firstIdAt, monthOf } from '#domain/kernel/first-id.ts'
import { writeAuditRetention } from './audit/retention.ts'
import { dropPartitions, makePartitions } from './partitions.ts'
import { now } from './platform/clock.ts'
import { type Deployment, startDeployment } from './testing/deployment.ts'

let at: Deployment
let cardId = ''

beforeAll(async () => {
  at = await startDeployment()
  await writeAuditRetention()
  cardId = String((await at.sql`select id from cards limit 1`)[0]?.id)
})
afterAll(() => at.stop())

const day = 24 * 3600 * 1000
const rowsIn = async (partition: string) =>
  Number((await at.sql`select count(*)::int as n from ${at.sql(`partitions.${partition}`)}`)[0]?.n)
const nameOf = (table: Partitioned, time: number) =>
  `${table}_${new Date(time).toISOString().slice(0, 7).replace('-', '_')}`

/** An id of a time, of the form that `newId` makes; `newId` never goes back in time. */
const idOf = (time: number) => `${firstIdAt(time).slice(0, 14)}7${randomUUID().slice(15)}`

/** Writes a payment as it was at a time: an authentication, its challenge with a proof, and its result. */
async function pastPayment(time: number, state: 'ended' | 'asking' = 'ended', sent = true): Promise<string> {
  const id = idOf(time)
  const created = new Date(time).toISOString()
  const rest = {
    language: 'ja',
    attempts: 0,
    sends: 1,
    interactions: 1,
    card_id: cardId,
    range: 'range-37',
    purchase: {},
  }
  const text = { message_version: '2.2.0', message_category: '01', three_ds_server_trans_id: '', ds_trans_id: '' }
  const places = { directory_server: 'first', ds_url: '', notification_url: '' }
  await at.sql`insert into authentications ${at.sql({
    ...{ id, acs_trans_id: randomUUID(), directory_server: 'first', ds_trans_id: randomUUID(), created_at: created },
    ...{ areq_hmac: randomBytes(32), card_id: cardId, decision: 'challenge-amount' },
    ...{ areq: at.sql.json({}), ares: at.sql.json({}) },
  })}`
  await at.sql`insert into challenges ${at.sql({
    ...{ id, acs_trans_id: randomUUID(), state, created_at: created },
    ...{ ...rest, ...text, ...places, purchase: at.sql.json({}) },
  })}`
  await at.sql`insert into challenge_proofs ${at.sql({
    ...{ challenge_id: id, method: 'email-code', state: 'pending', begun_at: created },
  })}`
  await at.sql`insert into outbox ${at.sql({
    ...{ id: idOf(time), kind: 'rreq', challenge_id: id, next_at: created, created_at: created },
    ...{ handed_over_at: sent ? created : null },
  })}`
  return id
}

/** Removes by month what is older than `before`, as retention does once an hour. */
async function retire(before: number): Promise<void> {
  const first = firstIdAt(monthOf(before))
  await purgePartsOfChallenges(first, 100)
  await dropPartitions()
  await purgeAuthentications(first, 100)
  await purgeMessages(first, 100)
}

/** Times of months that ended before `RETENTION_DAYS` by the database's clock; each test has its own. */
let used = 0
async function pastMonth(): Promise<number> {
  used += 1
  const time = Date.UTC(new Date().getUTCFullYear() - 3, used, 15)
  for (const table of partitioned) await makePartition(table, time)
  return time
}
const exists = async (table: Partitioned, time: number) => (await partitionsOf(table)).includes(nameOf(table, time))
const existing = (time: number) => Promise.all(partitioned.map(table => exists(table, time)))

describe('the schema', () => {
  test('has the columns of every table that the code describes, and no others', async () => {
    const tables = Object.values(schema).filter(value => is(value, PgTable)) as PgTable[]
    for (const table of tables) {
      const described = Object.values(getTableColumns(table)).map(column => [column.name, column.notNull])
      const rows = await at.sql`select column_name, is_nullable from information_schema.columns
        where table_schema = 'public' and table_name = ${getTableName(table)}`
      const found = rows.map(row => [row.column_name, row.is_nullable === 'NO'])
      expect([getTableName(table), found.sort()]).toEqual([getTableName(table), described.sort()])
    }
  })

  test('gives each partition the indexes of its table', async () => {
    await makePartition('challenges', Date.parse('2031-05-05Z'))
    const indexes = (table: string) =>
      at.sql`select count(*)::int as n from pg_index where indrelid = ${table}::regclass`.then(([row]) => row?.n)
    expect(await indexes('partitions.challenges_2031_05')).toBe(await indexes('challenges'))
  })
})

describe('partitions are made', () => {
  test('ahead, over the end of a year, once by two workers at the same time', async () => {
    const before = Date.parse('2029-11-30T23:59:59Z')
    await Promise.all([makePartitions(before), makePartitions(before)])
    for (const table of partitioned) {
      const made = (await partitionsOf(table)).filter(name => /_2029_1|_2030_/.test(name))
      expect(made).toEqual(['2029_11', '2029_12', '2030_01'].map(month => `${table}_${month}`))
    }
    const [first] =
      await at.sql`select pg_get_expr(relpartbound, oid) as bound from pg_class where relname = 'outbox_2029_12'`
    expect(first?.bound).toContain(firstIdAt(Date.parse('2029-12-01Z')))
    expect(first?.bound).toContain(firstIdAt(Date.parse('2030-01-01Z')))
  })

  test('while an authentication is being written and not yet committed', async () => {
    await at.sql.begin(async tx => {
      await tx`insert into authentications ${tx(authenticationAt(Date.parse('2029-12-05Z')))}`
      expect(await makePartition('authentications', Date.parse('2032-01-01Z'))).toBe('made')
    })
  })

  test('rows of a month without one are kept in the default partition, where retention finds them', async () => {
    const behind = Date.parse('2012-03-31T23:59:59.999Z')
    const id = idOf(behind)
    const row = { id, acsTransID: randomUUID(), dsTransID: randomUUID(), directoryServer: 'first', cardId }
    const rest = { areqHmac: randomBytes(32), decision: 'frictionless', areq: {}, ares: {}, createdAt: behind }
    expect(await insertAuthentication({ ...row, ...rest })).toBe(true)
    expect(await rowsIn('authentications_rest')).toBe(1)
    // A restored database, whose partitions end before this month: the month stays where it is, and the next gets one.
    expect(await makePartition('authentications', behind)).toBe('rest')
    expect(await makePartition('authentications', behind + 1)).toBe('made')
    await retire(behind + 2 * day)
    expect(await at.sql`select 1 from authentications where id = ${id}`).toEqual([])
    expect(await makePartition('authentications', behind)).toBe('made')
  })

  test('for these tables alone', async () => {
    const refused = at.sql`select make_partition('cardholders', now())`
    await expect(refused).rejects.toMatchObject({ code: '22023' })
    for (const name of ['cardholders', 'outbox', 'outbox_rest', 'outbox_2029_12; drop table cards', 'cards_2029_12'])
      await expect(at.sql`select drop_partition(${name})`).rejects.toMatchObject({ code: '22023' })
  })
})

function authenticationAt(time: number) {
  return {
    ...{ id: idOf(time), acs_trans_id: randomUUID(), directory_server: 'first', ds_trans_id: randomUUID() },
    ...{ areq_hmac: randomBytes(32), card_id: cardId, decision: 'frictionless' },
    ...{ areq: at.sql.json({}), ares: at.sql.json({}), created_at: new Date(time).toISOString() },
  }
}

describe('retention', () => {
  test('drops the months in which all is over, children first, and keeps younger ones', async () => {
    const month = await pastMonth()
    const id = await pastPayment(month)
    await makePartitions(Date.now())
    const young = await pastPayment(Date.now())
    await retire(Date.now() - 600 * day)
    expect(await existing(month)).toEqual([false, false, false, false])
    expect(await existing(Date.now())).toEqual([true, true, true, true])
    expect(await at.sql`select 1 from challenge_proofs where challenge_id = ${id}`).toEqual([])
    expect(await at.sql`select challenge_id as id from challenge_proofs where challenge_id = ${young}`).toHaveLength(1)
  })

  test.each([
    ['an open challenge', 'asking', true],
    ['a result that the directory server does not have yet', 'ended', false],
  ] as const)('keeps %s, and removes the rest of its month', async (_what, state, sent) => {
    const month = await pastMonth()
    const [over, kept] = [await pastPayment(month), await pastPayment(month, state, sent)]
    await retire(Date.now() - 600 * day)
    const rows =
      await at.sql`select id, (select count(*)::int from challenge_proofs where challenge_id = c.id) as proofs,
      (select count(*)::int from outbox where challenge_id = c.id) as messages from challenges c where id in (${over}, ${kept})`
    expect(rows).toEqual([{ id: kept, proofs: 1, messages: expect.any(Number) }])
    if (!sent) expect(rows[0]?.messages).toBe(1)
    await at.sql`update challenges set state = 'ended' where id = ${kept}`
    await at.sql`update outbox set handed_over_at = created_at where challenge_id = ${kept}`
    await retire(Date.now() - 600 * day)
    expect(await existing(month)).toEqual([false, false, false, false])
  })

  test('keeps a month of events for as long as one of them must be kept', async () => {
    const month = await pastMonth()
    const write = (type: string) =>
      at.sql`insert into audit_events (id, at, type, fields) values (${idOf(month)}, ${new Date(month)}, ${type}, '{}')`
    await write('challenge-ended')
    await write('account-closed')
    expect(await dropPartition(nameOf('audit_events', month))).toBe(false)
    expect(await rowsIn(nameOf('audit_events', month))).toBe(2)
    const older = Date.UTC(new Date().getUTCFullYear() - 7, used, 15)
    await makePartition('audit_events', older)
    await at.sql`insert into audit_events (id, at, type, fields)
      values (${idOf(older)}, ${new Date(older)}, 'account-closed', '{}')`
    expect(await dropPartition(nameOf('audit_events', older))).toBe(true)
  })

  test('drops no month that is younger than payments are kept by the database’s clock, whatever ours says', async () => {
    await makePartitions(Date.now())
    for (const table of partitioned) {
      expect(await dropPartition(nameOf(table, Date.now()))).toBe(false)
      expect(await dropPartition(nameOf(table, now()))).toBe(false)
    }
  })

  test('of a cardholder’s card removes all that belongs to its challenges', async () => {
    const time = Date.now()
    const id = await pastPayment(time)
    await at.sql`insert into transaction_ids (authentication_id, directory_server, ds_trans_id)
      values (${id}, 'first', ${randomUUID()})`
    await at.sql
      .begin(async tx => {
        await tx`delete from cards where id = ${cardId}`
        for (const [table, column] of [
          ['challenges', 'id'],
          ['challenge_proofs', 'challenge_id'],
          ['outbox', 'challenge_id'],
        ])
          expect(await tx`select 1 from ${tx(String(table))} where ${tx(String(column))} = ${id}`).toEqual([])
        await tx`delete from authentications where id = ${id}`
        expect(await tx`select 1 from transaction_ids where authentication_id = ${id}`).toEqual([])
        await tx`savepoint done`
        throw new Error('not for the other tests')
      })
      .catch(error => expect(error).toMatchObject({ message: 'not for the other tests' }))
  })
})

describe('a run-time role that owns nothing', () => {
  let sql: postgres.Sql

  beforeAll(async () => {
    const role = `run_time_${randomUUID().slice(0, 8)}`
    const admin = postgres(inject('databaseAdminUrl'), { max: 1 })
    await admin.unsafe(`create role ${role} login password 'secret'`)
    await admin.end()
    const url = at.url.replace(/\/\/[^@]+@/, `//${role}:secret@`)
    await grantRunTime(at.url, url)
    sql = postgres(url, { max: 1, onnotice: () => {} })
  })
  afterAll(() => sql.end())

  test('makes partitions by the function, writes into them, and cannot drop what must be kept', async () => {
    const [row] = await sql`select make_partition('outbox', '2033-03-03Z') as result`
    expect(row?.result).toBe('made')
    const time = Date.parse('2033-03-04Z')
    const message = { id: idOf(time), kind: 'email', next_at: new Date(time), created_at: new Date(time) }
    await sql`insert into outbox ${sql(message)}`
    expect(await rowsIn('outbox_2033_03')).toBe(1)
    const month = await pastMonth()
    await pastPayment(month, 'asking', false)
    const names = [...partitioned.map(table => nameOf(table, month)).slice(1), 'outbox_2033_03']
    for (const name of names) expect((await sql`select drop_partition(${name}) as done`)[0]?.done).toBe(false)
    await at.sql`update challenges set state = 'ended'`
  })

  test.each([
    'create table partitions.outbox_2040_01 partition of outbox default',
    'alter table outbox detach partition partitions.outbox_rest',
    'drop table partitions.audit_events_rest',
    'select 1 from partitions.audit_events_rest',
    'update partitions.audit_events_rest set at = at',
    'delete from partitions.audit_events_2027_06',
    'truncate partitions.audit_events_2027_06',
  ])('is refused: %s', async statement => {
    await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
  })
})

describe('the audit log is append-only in each partition', () => {
  test.each(['audit_events_rest', 'audit_events_2027_06', 'audit_events_2034_01'])('%s', async name => {
    await makePartition('audit_events', Date.parse('2034-01-01Z'))
    const time = Date.parse(/rest/.test(name) ? '2019-01-01Z' : `${name.slice(-7).replace('_', '-')}-10Z`)
    await at.sql`insert into audit_events (id, at, type, fields) values (${idOf(time)}, ${new Date()}, 'started', '{}')`
    expect(await rowsIn(name)).toBeGreaterThan(0)
    for (const statement of ['update % set at = at', 'delete from %', 'truncate %'])
      await expect(at.sql.unsafe(statement.replace('%', `partitions.${name}`))).rejects.toMatchObject({ code: '23001' })
  })
})

describe('a look-up reads one partition', () => {
  interface Plan {
    readonly 'Relation Name'?: string
    readonly 'Actual Loops'?: number
    readonly Plans?: readonly Plan[]
  }
  const relations = (plan: Plan): string[] => [
    ...(plan['Relation Name'] && plan['Actual Loops'] ? [plan['Relation Name']] : []),
    ...(plan.Plans ?? []).flatMap(relations),
  ]

  /** The tables that a statement of the product read, in the plan that serves every value. */
  async function readBy(run: (tx: Parameters<typeof lockChallenge>[0]) => Promise<unknown>): Promise<string[]> {
    const statements: { text: string; values: unknown[] }[] = []
    const { drizzle } = await import('drizzle-orm/postgres-js')
    const own = postgres(at.url, { max: 1 })
    await run(drizzle(own, { logger: { logQuery: (text, values) => void statements.push({ text, values }) } }))
    const plans: string[] = []
    await own`set plan_cache_mode = force_generic_plan`
    for (const { text, values } of statements) {
      const [row] = await own.unsafe(`explain (analyze, format json) ${text}`, values as string[], { prepare: true })
      const [plan] = row?.['QUERY PLAN'] ?? []
      plans.push(...relations(plan.Plan))
    }
    await own.end()
    return plans
  }

  test('by our own id, by acsTransID and by window key', async () => {
    const { acsTransID, windowKey } = await at.window()
    const id = await at.idOf(acsTransID)
    const partition = nameOf('challenges', now())
    expect(await readBy(tx => lockChallenge(tx, { id }))).toEqual([partition])
    for (const key of [{ acsTransID }, { windowKey }]) {
      expect((await readBy(tx => lockChallenge(tx, key))).sort()).toEqual([partition, 'transaction_ids'])
    }
  })
})
