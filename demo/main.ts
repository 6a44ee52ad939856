import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import postgres from 'postgres'
// The only part of the product's internals that the demo uses: a database that needs no deployment.
import { type Embedded, startEmbedded } from '#embedded/start.ts'
import { appSigningFiles, prepareAppSigning } from './app-signing.ts'
import { ensureBuild } from './build.ts'
import {
  directoryServerReference,
  environment,
  type Origins,
  type Ports,
  prepareFolder,
  writeEnvironment,
} from './deployment.ts'
import { Faults } from './faults.ts'
import { startInbox } from './inbox/index.ts'
import { startShop } from './shop/index.ts'

// Starts the whole demo with one command: database, product, and the parts that belong to others in reality (demo/shop,
// demo/inbox).

const known = {
  /** Starts with an empty database, inbox and shop. */
  reset: { type: 'boolean', default: false },
  /** Next.js in development: pages are built when they are requested. */
  dev: { type: 'boolean', default: false },
  /** Builds and exits, so that several demos can then be started concurrently. */
  'build-only': { type: 'boolean', default: false },
} as const

const values = readOptions()
const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
const dataDir = resolve(process.env.DATA_DIR ?? '.data')
const ports: Ports = {
  web: port('PORT', 3000),
  ds: port('DS_PORT', 3080),
  shop: port('DEMO_SHOP_PORT', 3001),
  inbox: port('DEMO_INBOX_PORT', 3002),
  smtp: port('DEMO_SMTP_PORT', 3025),
  rreq: port('DEMO_RREQ_PORT', 3003),
}
const origins: Origins = {
  web: process.env.PUBLIC_URL ?? `http://localhost:${ports.web}`,
  shop: process.env.DEMO_SHOP_URL ?? `http://localhost:${ports.shop}`,
  inbox: `http://localhost:${ports.inbox}`,
}
const product = ['--import', 'tsx', '--import', fileURLToPath(new URL('./demo-mode.ts', import.meta.url))]

if (values['build-only']) process.exit(ensureBuild() ? 0 : 1)
await checkPorts()
const { keys, keysAreNew, secret, gatewaySecrets } = prepareFolder(dataDir)
if (!values.dev && !ensureBuild()) process.exit(1)

const embedded = process.env.DATABASE_URL ? undefined : await startEmbedded(dataDir, line => console.log(line))
const keysAreLost = keysAreNew && embedded !== undefined && (await ownerOf(embedded.url)) === 'demo'
if (keysAreLost) {
  console.log(
    `The database in ${embedded.home} is an earlier demo's, whose keys are gone with ${dataDir}: starting anew`,
  )
}
if (values.reset || keysAreLost) await reset(embedded)
await prepareAppSigning(dataDir)
const env = environment(dataDir, ports, origins, process.env.DATABASE_URL ?? embedded?.url ?? '', keys, gatewaySecrets)
writeEnvironment(dataDir, env)

const faults = new Faults()
const inbox = await startInbox({
  port: ports.inbox,
  smtpPort: ports.smtp,
  secret,
  dataDir,
  faults,
  gatewaySecrets,
  smsReceipts: `http://localhost:${ports.web}/gateway/sms/http`,
  product: { origin: new URL(origins.web).origin, port: ports.web },
  shopOrigin: origins.shop,
  letter,
})
const shop = await startShop({
  port: ports.shop,
  rreqPort: ports.rreq,
  origin: origins.shop,
  dsServer: `http://localhost:${ports.ds}`,
  dsReference: directoryServerReference(),
  methodURL: `${origins.web}/acs/method`,
  inboxOrigin: origins.inbox,
  faults,
  dataDir,
})
seed()
let failed = false
const stopping = new AbortController()
const logFile = join(dataDir, 'product.log')
const child = startProduct()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'))
process.on('disconnect', () => child.kill('SIGTERM'))
endWithNpm()
child.once('exit', code => void end(failed ? 1 : (code ?? 1)))
embedded?.keepRunning(
  line => console.log(line),
  error => {
    console.error(error.message)
    failed = true
    child.kill('SIGTERM')
  },
)
await ready()
announce()
shadowPolicy().catch(({ stderr, message }) => {
  if (!stopping.signal.aborted) console.error(`The risk policy is not in shadow: ${stderr || message}`)
})

/** Imports the cards of demo/cards.ndjson with the command that an issuer would use. */
function seed(): void {
  const args = [...product, 'server/commands/cards.ts', 'import', 'demo/cards.ndjson']
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  if (status === 0) return
  console.error(stderr)
  process.exit(1)
}

/** A new activation code for a cardholder, from the command that an issuer would use. */
async function letter(cardholderId: string): Promise<string> {
  const args = [...product, 'server/commands/cards.ts', 'activation', cardholderId]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...env, LOG_LEVEL: 'silent' } })
  return JSON.parse(stdout).activationCode
}

/**
 * Puts the default risk policy in shadow at the first start, with the commands that an issuer would use. It does not
 * decide here, because to a policy each purchase in the demo is the first of a new card (docs/decisions/0065).
 */
async function shadowPolicy(): Promise<void> {
  const risk = async (...words: string[]) => {
    const args = [...product, 'server/commands/risk.ts', ...words]
    const options = { env: { ...env, LOG_LEVEL: 'silent' }, signal: stopping.signal }
    return (await promisify(execFile)(process.execPath, args, options)).stdout
  }
  const [known] = (await risk('list')).split('\n').filter(line => line !== '')
  if (known && JSON.parse(known).state !== 'draft') return
  await risk('add', 'domain/risk/policies/japan.json')
  await risk('test', 'japan', '1', '--cards', '100')
  await risk('shadow', 'japan', '1', '--by', 'demo', '--reason', 'shows what it would decide')
}

function startProduct(): ChildProcess {
  const log = openSync(logFile, 'a', 0o600)
  const args = [...product, 'server/main.ts', ...(values.dev ? ['--dev'] : [])]
  const started = spawn(process.execPath, args, { env, stdio: ['ignore', log, log, 'ipc'] })
  closeSync(log)
  return started
}

async function ready(): Promise<void> {
  const fronts = [`http://localhost:${ports.web}/health/ready`, `http://localhost:${ports.ds}/health/ready`]
  while (true) {
    const answers = await Promise.all(
      fronts.map(front =>
        fetch(front).then(
          answer => answer.ok,
          () => false,
        ),
      ),
    )
    if (answers.every(ok => ok)) return
    await pause(100)
  }
}

function announce(): void {
  const { authority, certificates } = appSigningFiles(dataDir)
  console.log(`
  Shop             ${origins.shop}
  Inbox            ${origins.inbox}
  Phone            ${origins.inbox}/phone
  SafeKey          ${origins.web}
  AReq endpoint    http://localhost:${ports.ds}/acs/areq, dsReferenceNumber ${directoryServerReference()}
  SDK's authority  ${authority}
  Our chain        ${certificates}
  Data             ${dataDir}
  X-Demo-Secret    ${secret}
`)
  console.log(`Demo ready: pay at ${origins.shop}, read the code at ${origins.inbox}. Ctrl-C stops it.`)
  process.send?.({ kind: 'ready', secret, databaseURL: env.DATABASE_URL })
}

/** An npm killed with SIGKILL does not pass the signal on, and the demo's ports would stay in use. */
function endWithNpm(): void {
  const npm = process.ppid
  if (!process.env.npm_lifecycle_event) return
  setInterval(() => process.ppid !== npm && child.kill('SIGTERM'), 500).unref()
}

async function end(code: number): Promise<void> {
  stopping.abort()
  await Promise.all([shop.close(), inbox.close()])
  await embedded?.stop()
  if (code !== 0 && !failed) console.error(readFileSync(logFile, 'utf8').split('\n').slice(-12).join('\n'))
  process.exit(code)
}

/** Empties the database, the inbox and the shop, and resets the clock. */
async function reset(database: Embedded | undefined): Promise<void> {
  for (const file of ['clock', 'inbox.ndjson', 'orders.ndjson', 'phone.json'])
    rmSync(join(dataDir, file), { force: true })
  const url = process.env.DATABASE_URL ?? database?.url ?? ''
  const owner = await ownerOf(url)
  if (owner !== undefined && owner !== 'demo') {
    console.error('DATABASE_URL must be a database of the demo: this one is not touched')
    process.exit(1)
  }
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql`drop schema if exists public, partitions, drizzle cascade`
  await sql`create schema public`
  await sql.end()
}

/** The mode to which a database belongs; undefined if it is new. */
async function ownerOf(url: string): Promise<string | undefined> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [row] = await sql`select mode from deployment`.catch(() => [])
  await sql.end()
  return row?.mode
}

function port(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback)
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value
  console.error(`${name} must be a port, from 1 to 65535, for example ${name}=${fallback}`)
  process.exit(1)
}

/**
 * Prints in one line which port is in use, by its variable. Waits a little first, because a process that was just
 * killed may not have released it yet.
 */
async function checkPorts(): Promise<void> {
  const names = {
    ...{ web: 'PORT', ds: 'DS_PORT', shop: 'DEMO_SHOP_PORT', inbox: 'DEMO_INBOX_PORT', smtp: 'DEMO_SMTP_PORT' },
    rreq: 'DEMO_RREQ_PORT',
  }
  for (const part of ['web', 'ds', 'shop', 'inbox', 'smtp', 'rreq'] as const) {
    for (let tries = 0; !(await isFree(ports[part])); tries++) {
      if (tries === 40) {
        console.error(
          `Port ${ports[part]} is taken by another program: stop it, or choose another with ${names[part]}=${ports[part] + 100}`,
        )
        process.exit(1)
      }
      await pause(100)
    }
  }
}

function isFree(number: number): Promise<boolean> {
  return new Promise(answer => {
    const probe = createServer()
    probe.once('error', () => answer(false))
    probe.listen(number, 'localhost', () => probe.close(() => answer(true)))
  })
}

function readOptions() {
  try {
    return parseArgs({ options: known }).values
  } catch {
    console.error('npm run demo -- [--reset]    --reset: an empty database, inbox and shop')
    process.exit(1)
  }
}
