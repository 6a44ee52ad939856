import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import { migrateDatabase } from '#db/migrate.ts'
import { startEmbedded } from '#embedded/start.ts'
import { onDatabase, templateName } from './database.ts'

/** One PostgreSQL for a run of the integration tests, with a migrated template that `freshDatabase` copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = join(os.tmpdir(), `safekey-test-${randomBytes(6).toString('hex')}`)
  // Not mkdtemp, whose folders no other user may enter: for root, PostgreSQL runs as another user.
  await fs.mkdir(folder, { mode: 0o711 })
  // Test data need not survive a power failure.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const server = await startEmbedded(folder, () => {}, settings)
  const sql = postgres(server.adminUrl, { max: 1 })

  const close = async () => {
    // A connection that a test did not close would keep the server running.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
              where backend_type = 'client backend' and pid <> pg_backend_pid()`
    await sql.end()
    await server.stop()
    await fs.rm(server.home, { recursive: true, force: true })
    await fs.rm(folder, { recursive: true, force: true })
  }

  try {
    await sql.unsafe(`create database ${templateName} owner safekey`)
    await migrateDatabase(onDatabase(server.url, templateName))
    // The months in which deployments of tests begin (server/testing/deployment.ts).
    const template = postgres(onDatabase(server.url, templateName), { max: 1 })
    await template`select make_partition(name, at)
      from unnest(array['authentications', 'challenges', 'outbox', 'audit_events']) name,
        unnest(array['2027-06-01Z', '2027-07-01Z', '2027-08-01Z']::timestamptz[]) at`
    await template.end()
  } catch (error) {
    await close()
    throw error
  }
  project.provide('databaseUrl', server.url)
  project.provide('databaseAdminUrl', server.adminUrl)
  return close
}
