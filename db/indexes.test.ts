import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ownSections } from '#domain/account/own-data.ts'
import { connect, database, disconnect } from './client.ts'
import { eraseAppSecrets } from './queries/app-channels.ts'
import { purgeTransactionIds } from './queries/authentications.ts'
import { findCard } from './queries/cards.ts'
import { lockOverdue } from './queries/challenges.ts'
import { purgeAuthentications, purgeMessages, purgePartsOfChallenges } from './queries/old-payments.ts'
import {
  dropMessages,
  dropMessagesAbout,
  expireMessages,
  isAnyDue,
  isFirstTry,
  leaseDue,
  leaseResult,
  markForLater,
  type OutboxRow,
  undelivered,
} from './queries/outbox.ts'
import { ownRows } from './queries/own-data.ts'
import { lockRiskEvents, purgeRiskEvents, purgeRiskRows, readRiskRows } from './queries/risk-history.ts'
import { purgeFailures, purgeTallies } from './queries/tallies.ts'
import { countWaiting, oldestDue } from './queries/waiting.ts'
import { type FreshDatabase, freshDatabase, onDatabase, templateName } from './testing/database.ts'

const sections = Object.keys(ownSections) as (keyof typeof ownSections)[]

describe('indexes', () => {
  test('begin with the columns of every foreign key', async () => {
    // Without such an index, deleting a referenced row scans the whole referencing table.
    const sql = postgres(onDatabase(inject('databaseAdminUrl'), templateName), { max: 1 })
    const without = await sql`
      select conrelid::regclass::text as table, array_agg(attname::text order by place) as columns
      from pg_constraint
      cross join lateral unnest(conkey) with ordinality key(number, place)
      join pg_attribute on attrelid = conrelid and attnum = key.number
      where contype = 'f'
      group by pg_constraint.oid, conrelid, conkey
      having not exists (
        select from pg_index
        where indrelid = conrelid
          and (indkey::int2[])[0:array_length(conkey, 1) - 1] = conkey
          -- "where … is not null" leaves out no row that refers to another one.
          and (indpred is null or pg_get_expr(indpred, indrelid) = format('(%I IS NOT NULL)', min(attname)))
      )`
    await sql.end()
    expect(without).toEqual([])
  })
})

describe('statements', () => {
  let fresh: FreshDatabase

  beforeAll(async () => {
    fresh = await freshDatabase()
    const sql = postgres(inject('databaseAdminUrl'), { max: 1 })
    const name = fresh.url.slice(fresh.url.lastIndexOf('/') + 1)
    // On tables this small the planner would prefer sequential scans and plans for the given values.
    await sql.unsafe(`alter database ${name} set enable_seqscan = off`)
    await sql.unsafe(`alter database ${name} set plan_cache_mode = force_generic_plan`)
    await sql.end()
    connect(fresh.url, { connections: 1 })
  })
  afterAll(async () => {
    await disconnect()
    await fresh.drop()
  })

  async function usage(of: 'pg_stat_user_tables' | 'pg_stat_user_indexes'): Promise<Readonly<Record<string, number>>> {
    const [name, scans] = of === 'pg_stat_user_tables' ? ['relname', 'seq_scan'] : ['indexrelname', 'idx_scan']
    await database().execute('select pg_stat_force_next_flush()')
    const rows = await database().execute<{ name: string; scans: string }>(
      `select ${name} as name, ${scans}::text as scans from ${of} order by 1`,
    )
    return Object.fromEntries(rows.map(row => [row.name, Number(row.scans)]))
  }

  const id = '00000000-0000-4000-8000-000000000001'
  const [at, time] = [0, 0]
  const noHistory = { directoryServer: 'ds', acquirerBIN: null, acquirerMerchantID: null }
  const hmac = Buffer.alloc(32)
  const cardAsked = { hmac, earlierHmac: hmac, sms: true, now: time, method: id, seenAfter: time, knownAfter: time }

  test.each<[string, () => Promise<unknown>]>([
    ...sections.map((section): [string, () => Promise<unknown>] => [
      `${section} of one cardholder`,
      () => ownRows(section, id),
    ]),
    ['an overdue challenge', () => lockOverdue(database(), time)],
    ['whether a message is due', () => isAnyDue('rreq', time)],
    ['due messages', () => leaseDue({ kind: 'rreq', host: 'ds.example' }, 'never', { now: time, lease: 1, most: 1 })],
    ['undelivered codes', () => undelivered(time, 1)],
    ['expired messages', () => expireMessages(time, 1)],
    ['the oldest due messages', () => oldestDue(time)],
    ['the number of waiting messages', () => countWaiting(time, time)],
    ['old authentications', () => purgeAuthentications(id, 1)],
    ['old messages', () => purgeMessages(id, 1)],
    ['what belongs to old challenges', () => purgePartsOfChallenges(id, 1)],
    ['old transaction ids', () => purgeTransactionIds(id, 1)],
    ['events to fold', () => lockRiskEvents(database(), 1)],
    ['rows to fold into', () => readRiskRows(database(), [{ kind: 'card', key: id }])],
    ['old rows of the history', () => purgeRiskRows(time, 1)],
    ['events that are not folded', () => purgeRiskEvents(id, 1)],
    [
      'a card with its history',
      () => findCard({ ...cardAsked, history: { ...noHistory, merchant: 'm', network: 'n', device: 'd' } }),
    ],
    ['keys of apps', () => eraseAppSecrets(time, 1)],
    ['old counts', () => purgeTallies(at, 1)],
    ['old failures', () => purgeFailures(at, 1)],
  ])('scan no table sequentially for %s', async (_what, statement) => {
    const before = await usage('pg_stat_user_tables')
    await statement()
    expect(await usage('pg_stat_user_tables')).toEqual(before)
  })

  test('read the history of an AReq by its keys, even if no statistics know of a row of a kind', async () => {
    await database().execute(`insert into risk_rows (kind, key, row, kept_until)
      select 'card', gen_random_uuid(), '{}', now() from generate_series(1, 1000)`)
    await database().execute('analyze risk_rows')
    const before = await usage('pg_stat_user_indexes')
    await findCard({ ...cardAsked, history: { ...noHistory, merchant: 'm', network: 'n', device: 'd' } })
    const after = await usage('pg_stat_user_indexes')
    expect(after.risk_rows_kind_key_pk).toBe((before.risk_rows_kind_key_pk ?? 0) + 3)
    expect(after.risk_rows_kept_until).toBe(before.risk_rows_kept_until)
  })

  test('read the newest events of a card without those of others', async () => {
    // A few other cards fill the queue.
    await database().execute(`insert into risk_events (id, card_id, event, created_at)
      select gen_random_uuid(), md5((n % 10)::text)::uuid, '{}', now() from generate_series(1, 5000) n`)
    await database().execute('analyze risk_events')
    await database().execute(`prepare newest(uuid) as
      select id, event from risk_events where card_id = $1 order by id desc limit 30`)
    const plan = await database().execute<Record<string, string>>(`explain execute newest('${id}')`)
    await database().execute('deallocate newest')
    const text = plan.map(row => Object.values(row)[0]).join('\n')
    expect(text).toContain('risk_events_card')
    // Found in order, so that neither a sort nor a walk along the primary key reads more than thirty.
    expect(text).not.toContain('Sort')
  })

  test('about one message or challenge do not read all waiting messages', async () => {
    const before = await usage('pg_stat_user_indexes')
    const row = { id, lease: 1, kind: 'email' } as OutboxRow
    await markForLater(database(), row, time)
    await dropMessages(database(), id, time)
    await dropMessagesAbout(database(), id, time)
    await leaseResult(id, time, 1)
    await isFirstTry(id, time)
    expect((await usage('pg_stat_user_indexes')).outbox_due).toBe(before.outbox_due)
  })
})
