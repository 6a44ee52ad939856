import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the test run's PostgreSQL (see global-setup.ts) for the application's role … */
    databaseUrl: string
    /** … and for the superuser. */
    databaseAdminUrl: string
  }
}

export const templateName = 'safekey_template'

/** Creates a migrated, empty database for one test file, owned by the application's role; takes about 30 to 80 ms. */
export interface FreshDatabase {
  readonly url: string
  /** Drops the database, even if connections are still open. */
  drop(): Promise<void>
}

export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await asAdministrator(`create database ${name} template ${templateName} owner safekey`)
  return {
    url: onDatabase(inject('databaseUrl'), name),
    drop: () => asAdministrator(`drop database if exists ${name} with (force)`),
  }
}

/** The URL of another database on the same server. */
export function onDatabase(url: string, name: string): string {
  return url.replace(/\/[^/]*$/, `/${name}`)
}

async function asAdministrator(statement: string): Promise<void> {
  const sql = postgres(inject('databaseAdminUrl'), { max: 1, fetch_types: false })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

/** Where the test run's server listens, and the TCP URL of a database on it through proxies on local ports. */
export function byTcp(url: string) {
  const [, user = '', host = '', database = ''] = url.match(/^postgres:\/\/([^@]+)@([^/]+):5432\/(.+)$/) ?? []
  const path = decodeURIComponent(host).replace(/,$/, '.s.PGSQL.5432')
  return {
    server: { path },
    through: (...ports: readonly number[]) =>
      `postgres://${user}@${ports.map(port => `127.0.0.1:${port}`).join(',')}/${database}`,
  }
}
