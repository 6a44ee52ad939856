import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { command, type Deployment } from './deployment.ts'

/** Gives every card habits as long as those after half a year of payments: 3.9 kB of JSON. */
export async function fillHistory({ databaseURL }: Deployment): Promise<void> {
  const sql = postgres(databaseURL, { max: 1, onnotice: () => {} })
  await sql`
    insert into risk_rows (kind, key, row, kept_until)
    select 'card', id::text, ${sql.json(habits())}, '2030-01-01' from cards`
  await sql`analyze risk_rows, cards`
  await sql.end()
}

/** Evaluates the default policy for each AReq without deciding by it, because every AReq of the bench must be answered Y. */
export function shadowDefaultPolicy({ env }: Deployment): void {
  const by = ['--by', 'bench']
  command(env, 'risk', 'add', 'domain/risk/policies/japan.json', ...by)
  command(env, 'risk', 'test', 'japan', '1', '--cards', '200', ...by)
  command(env, 'risk', 'shadow', 'japan', '1', ...by, '--reason', 'measurement')
}

/** A row of domain/risk/history/rows.ts. */
function habits() {
  const [first, last] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 5, 1)]
  const seen = (count: number, length: number) =>
    Array.from({ length: count }, (_, i) => ({ key: String(i).padEnd(length, '0'), count: 3, first, last }))
  const counter = { value: 1.2345678901234567, at: last }
  return {
    ...{
      payments: 90,
      first,
      last,
      amounts: Array.from({ length: 48 }, (_, i) => (i % 3 === 0 ? 1.2345678901234 : 0)),
    },
    hours: Array.from({ length: 8 }, () => 12.345678901234567),
    ...{ merchants: seen(16, 27), categories: seen(8, 4), countries: seen(2, 3), networks: seen(5, 22) },
    ...{ devices: seen(5, 64), settings: seen(1, 7), proved: seen(1, 64) },
    ...{ countHour: counter, countDay: counter, sumDay: counter, newDevicesDay: counter, failuresDay: counter },
  }
}

/** The same deployment with an issuer that keeps no history. */
export function withoutRisk(deployment: Deployment): Deployment {
  const { risk: _, ...issuer } = JSON.parse(readFileSync(deployment.env.ISSUER_FILE ?? '', 'utf8'))
  const file = join(deployment.folder, 'issuer-without-risk.json')
  writeFileSync(file, JSON.stringify(issuer))
  return { ...deployment, env: { ...deployment.env, ISSUER_FILE: file } }
}

/** The same deployment, on another port for directory servers. */
export function onPort(deployment: Deployment, ds: number): Deployment {
  return {
    ...deployment,
    ports: { ...deployment.ports, ds },
    env: { ...deployment.env, DS_PORT: String(ds) },
  }
}
