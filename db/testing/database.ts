import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The run's PostgreSQL (see global-setup.ts) as the application's role … */
    databaseUrl: string
    /** … and as the superuser. */
    databaseAdminUrl: string
  }
}

export const templateName = 'safekey_template'

/** A migrated, empty database of a test file's own, owned by the application's role; takes some 30 to 80 ms. */
export interface FreshDatabase {
  readonly url: string
  /** Removes the database, also from under connections that are still open. */
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

/** Where the run's server listens, and the URL of a database on it by TCP, through a proxy on a port of this machine. */
export function byTcp(url: string) {
  const [, user = '', host = '', database = ''] = url.match(/^postgres:\/\/([^@]+)@([^/]+):5432\/(.+)$/) ?? []
  const path = decodeURIComponent(host).replace(/,$/, '.s.PGSQL.5432')
  return {
    server: { path },
    through: (...ports: readonly number[]) =>
      `postgres://${user}@${ports.map(port => `127.0.0.1:${port}`).join(',')}/${database}`,
  }
}
