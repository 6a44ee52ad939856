import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ownSections } from '#domain/account/own-data.ts'
import { connect, database, disconnect } from './client.ts'
import { ownRows } from './queries/own-data.ts'
import { type FreshDatabase, freshDatabase, onDatabase, templateName } from './testing/database.ts'

describe('indexes', () => {
  test('lead with the columns of every foreign key', async () => {
    // Without one, removing a row that is referred to reads the whole table that refers to it.
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

describe('what is kept about one cardholder', () => {
  let fresh: FreshDatabase

  beforeAll(async () => {
    fresh = await freshDatabase()
    const sql = postgres(inject('databaseAdminUrl'), { max: 1 })
    const name = new URL(fresh.url.replace(/@[^/]*\//, '@host/')).pathname.slice(1)
    // On tables this small the planner would read them whole if it could.
    await sql.unsafe(`alter database ${name} set enable_seqscan = off`)
    await sql.end()
    connect(fresh.url, { connections: 1 })
  })
  afterAll(async () => {
    await disconnect()
    await fresh.drop()
  })

  test('is found by indexes in every table', async () => {
    const scans = async () => {
      await database().execute('select pg_stat_force_next_flush()')
      const rows = await database().execute<{ relname: string; scans: string }>(
        'select relname, seq_scan::text as scans from pg_stat_user_tables order by relname',
      )
      return Object.fromEntries(rows.map(({ relname, scans }) => [relname, Number(scans)]))
    }
    const before = await scans()
    for (const section of Object.keys(ownSections) as (keyof typeof ownSections)[])
      await ownRows(section, '00000000-0000-4000-8000-000000000001')
    expect(await scans()).toEqual(before)
  })
})
