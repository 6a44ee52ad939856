import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { migrateDatabase } from './migrate.ts'
import { onDatabase } from './testing/database.ts'

const name = `test_${randomBytes(6).toString('hex')}`
const admin = postgres(inject('databaseAdminUrl'), { max: 1 })
const url = onDatabase(inject('databaseUrl'), name)

beforeAll(() => admin.unsafe(`create database ${name} owner safekey`))
afterAll(async () => {
  await admin.unsafe(`drop database ${name} with (force)`)
  await admin.end()
})

async function schemaOf(): Promise<string> {
  const sql = postgres(url, { max: 1 })
  const columns = await sql`select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'public' order by 1, 2`
  const applied = await sql`select hash from drizzle.__drizzle_migrations order by id`
  await sql.end()
  return JSON.stringify([columns, applied])
}

test('several processes can migrate one empty database at the same time, and it is migrated once', async () => {
  const program = `import { migrateDatabase } from '#db/migrate.ts'; await migrateDatabase(process.argv[1])`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program, url]
  await Promise.all([1, 2, 3, 4].map(() => promisify(execFile)(process.execPath, args)))
  const schema = await schemaOf()
  expect(schema).toContain('authentications')
  await migrateDatabase(url)
  expect(await schemaOf()).toBe(schema)
})
