import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { freePort } from '../demo/free-port.ts'
import type { Deployment } from './deployment.ts'
import { formIn, placeOf } from './forms.ts'
import { type Product, productOf } from './product.ts'

// The bare app, for comparison: a Next.js app that answers the same requests as a challenge with one prepared query
// each, and does nothing else. It sends no e-mail and no result, and needs no second or third process.

const folder = fileURLToPath(new URL('bare', import.meta.url))
const next = fileURLToPath(new URL('../node_modules/next/dist/bin/next', import.meta.url))

export interface BareApp extends Product {
  readonly origin: string
}

/** With webpack: Turbopack would take the product's own middleware into it. */
export function buildBareApp(): void {
  const { status } = spawnSync(process.execPath, [next, 'build', '--webpack'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('The bare app could not be built')
}

/** Starts the bare app on the database of a deployment. */
export async function startBareApp({ databaseURL, folder: logs }: Deployment): Promise<BareApp> {
  const sql = postgres(databaseURL, { max: 1, onnotice: () => {} })
  await sql`
    create table if not exists bench_purchases (
      id uuid primary key default gen_random_uuid(), merchant text not null, amount integer not null, code text
    )`
  await sql.end()
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const logFile = join(logs, 'bare.log')
  const log = openSync(logFile, 'a')
  const env = { ...process.env, DATABASE_URL: databaseURL }
  const args = [next, 'start', '--hostname', 'localhost', '--port', String(port)]
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', log, log] })
  closeSync(log)
  return { ...(await productOf(child, [`${origin}/window/${crypto.randomUUID()}`], logFile)), origin }
}

/** Makes the same requests as `passChallenge`. */
export async function passBareChallenge(origin: string): Promise<void> {
  const areq = { merchantName: 'Kotori Store', purchaseAmount: '1200' }
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(areq) }
  const { id } = (await (await fetch(`${origin}/areq`, json)).json()) as { id: string }
  const creq = { method: 'POST', body: new URLSearchParams({ id }), redirect: 'manual' } as const
  const window = placeOf(await fetch(`${origin}/open`, creq), origin)
  const body = formIn(await (await fetch(window)).text(), 'code')
  body.set('code', '123456')
  const answered = await fetch(window, { method: 'POST', body, headers: { origin }, redirect: 'manual' })
  const leadingBack = await (await fetch(placeOf(answered, origin))).text()
  if (!leadingBack.includes(`name="cres" value="${id}"`)) throw new Error('The bare app did not keep the code')
}
