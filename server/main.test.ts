import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { get, Agent as PlainAgent } from 'node:http'
import type { Agent } from 'node:https'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { migrationLock } from '#db/migrate.ts'
import { freshDatabase } from '#db/testing/database.ts'
import { until } from '#db/testing/until.ts'
import { checkKeys } from './keys/fingerprints.ts'
import { CertificateAuthority, joined } from './testing/certificates.ts'
import { type Deployment, freshKey, startDeployment } from './testing/deployment.ts'
import { callDs, keptConnection } from './testing/ds-client.ts'
import { freePort } from './testing/free-port.ts'

let at: Deployment
const started: ChildProcess[] = []
/** Process ids of roles whose leading process a test kills: a role that fails to exit would outlive the test. */
const roles: number[] = []

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGTERM')
  for (const pid of roles.splice(0)) if (!isOver(pid)) process.kill(pid, 'SIGKILL')
})

interface Product {
  readonly process: ChildProcess
  readonly pid: number
  readonly stdout: () => string
  readonly stderr: () => string
  readonly exit: Promise<number | null>
}

/**
 * `npm start` in demo mode on this deployment's database; the embedded one cannot be loaded. `files` limits the number
 * of open files.
 */
function start(names: readonly string[], changes: NodeJS.Dict<string> = {}, files = 'unlimited'): Product {
  const args = [
    '-c',
    '[ "$1" = unlimited ] || ulimit -n "$1"; shift; exec "$@"',
    'sh',
    files,
    process.execPath,
    '--import',
    'tsx',
    '--import',
    './demo/demo-mode.ts',
    '--import',
    './server/testing/without-embedded.mjs',
    'server/main.ts',
    ...names.map(role => `--role=${role}`),
  ]
  return run('/bin/sh', args, changes)
}

/** Runs the command that an operator types, in production mode. */
function safekey(args: readonly string[], changes: NodeJS.Dict<string>): Product {
  const withoutEmbedded = ['--import', './server/testing/without-embedded.mjs']
  return run(process.execPath, [...withoutEmbedded, 'bin/safekey.mjs', ...args], changes)
}

function run(program: string, args: readonly string[], changes: NodeJS.Dict<string>): Product {
  const { PATH = '', HOME = '' } = process.env
  const product = spawn(program, args, {
    cwd: new URL('..', import.meta.url),
    env: {
      PATH,
      HOME,
      ...at.environment(),
      LOG_LEVEL: 'silent',
      NODE_ENV: 'production',
      ...changes,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(product)
  let [stdout, stderr] = ['', '']
  product.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  product.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const exit = once(product, 'close').then(([code]) => code as number | null)
  return { process: product, pid: product.pid ?? 0, stdout: () => stdout, stderr: () => stderr, exit }
}

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .flatMap(child => Number(child) || [])

/** Whether the process has exited, including as a zombie. */
function isOver(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

async function startReady() {
  const port = await freePort()
  const product = start(['ds', 'worker'], { DS_PORT: String(port) })
  await until(() => answers(port))
  const children = childrenOf(product.pid)
  roles.push(...children)
  expect(children).toHaveLength(2)
  return { product, port, children }
}

// All other settings: platform/config.test.ts.
test.each([
  ['KEY_CODE', ''],
  ['DATABASE_URL', 'postgres://safekey:hunter2@127.0.0.1:1/none'],
])('a wrong %s stops the start with exit code 1 and one line that names it', async (name, value) => {
  const product = start(['ds'], { [name]: value })
  expect(await product.exit).toBe(1)
  expect(product.stderr()).toMatch(new RegExp(`^${name} must .+, for example ${name}=.+\\n$`))
  expect(product.stderr()).not.toContain('hunter2')
})

test('keys other than those that the database was filled with stop the start with one line that names them', async () => {
  await checkKeys()
  const product = start(['ds'], { KEY_CARD_LOOKUP: freshKey(1), KEY_CONTACT: freshKey(1) })
  expect(await product.exit).toBe(1)
  expect(product.stderr()).toMatch(
    /^KEY_CARD_LOOKUP=1:…, KEY_CONTACT=1:… must be what this database was filled with.+\n$/,
  )
})

test('an unknown role stops the start with one line', async () => {
  const product = start(['shop'])
  expect([await product.exit, product.stderr()]).toEqual([
    1,
    '--role must be web, ds or worker, for example --role=ds\n',
  ])
})

test('a port in use stops the start with one line that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const product = start(['ds'], { DS_PORT: String(port) })
  const code = await product.exit
  other.close()
  expect([code, product.stderr()]).toEqual([
    1,
    `DS_PORT must be a free port, but 127.0.0.1:${port} is taken, for example DS_PORT=${port + 100}\n`,
  ])
})

test('a process with few file descriptors keeps some in reserve from callers, and serves the connected ones', async () => {
  const port = await freePort()
  const product = start(['ds'], { DS_PORT: String(port) }, '400')
  await until(() => answers(port))
  const [role = 0] = childrenOf(product.pid)
  roles.push(role)
  const agent = new PlainAgent({ keepAlive: true, maxSockets: 1 })
  const ask = () =>
    new Promise<readonly [number | undefined, number | undefined]>((resolve, reject) => {
      const asking = get({ host: '127.0.0.1', port, path: '/health/ready', agent }, answer => {
        const { localPort } = answer.socket
        answer.resume().on('end', () => resolve([answer.statusCode, localPort]))
      })
      asking.on('error', reject)
    })
  const first = await ask()
  let closed = 0
  const strangers = Array.from({ length: 600 }, () => {
    const stranger = connect(port, '127.0.0.1').on('error', () => {})
    return stranger.on('close', () => {
      closed += 1
    })
  })
  await until(() => closed > 400)
  expect(readdirSync(`/proc/${role}/fd`).length).toBeLessThan(250)
  expect(await ask()).toEqual(first)
  for (const stranger of strangers) stranger.destroy()
  agent.destroy()
  await until(() => answers(port))
})

test('when the leading process is killed with SIGKILL, its roles exit and free their port', async () => {
  const { product, port, children } = await startReady()
  product.process.kill('SIGKILL')
  await until(() => children.every(isOver))
  expect(await answers(port)).toBe(false)
})

test('when the leading process is killed while its roles are starting, they exit as well', async () => {
  const product = start(['ds', 'worker'], { DS_PORT: String(await freePort()) })
  await until(() => childrenOf(product.pid).length === 2, 5)
  const children = childrenOf(product.pid)
  roles.push(...children)
  product.process.kill('SIGKILL')
  await until(() => children.every(isOver))
  expect(children.map(isOver)).toEqual([true, true])
})

test.each([0, 1])('a role that dies stops the others (%i)', async index => {
  const { product, port, children } = await startReady()
  process.kill(children[index] ?? 0, 'SIGKILL')
  expect(await product.exit).toBe(1)
  expect([children.map(isOver), await answers(port)]).toEqual([[true, true], false])
})

test('SIGHUP while the database is being prepared or the roles are starting ends no process', async () => {
  const port = await freePort()
  const sql = postgres(at.url, { max: 1 })
  const [migrating] = await sql`select pg_try_advisory_lock(${migrationLock}) as locked`
  expect(migrating).toEqual({ locked: true })
  const product = start(['ds', 'worker'], { DS_PORT: String(port), LOG_LEVEL: 'info' })
  await until(async () => {
    const [{ waiting } = {}] = await sql`
      select count(*)::int as waiting from pg_locks
      where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`
    return waiting === 1
  })
  product.process.kill('SIGHUP')
  await sql.end()
  await until(() => childrenOf(product.pid).length === 2)
  roles.push(...childrenOf(product.pid))
  product.process.kill('SIGHUP')
  // Each role reloads its certificates once it has started.
  await until(() => product.stdout().split('tls.reloaded').length - 1 === 2)
  expect(await answers(port)).toBe(true)
  expect(childrenOf(product.pid)).toHaveLength(2)
})

test('SIGHUP applies new certificates to new connections and keeps open connections', async () => {
  const authority = new CertificateAuthority(at.folder, 'authority')
  const client = authority.sign('first.ds.example')
  const stranger = new CertificateAuthority(at.folder, 'stranger').sign('first.ds.example')
  const [certFile, keyFile] = [join(at.folder, 'live.crt'), join(at.folder, 'live.key')]
  const show = (name: string) => {
    const certificate = authority.sign(name)
    joined(certFile, certificate.certFile)
    joined(keyFile, certificate.keyFile)
  }
  show('before')
  const port = await freePort()
  const files = { DS_TLS_CERT_FILE: certFile, DS_TLS_KEY_FILE: keyFile, DS_TLS_CLIENT_CA_FILE: authority.certFile }
  const product = start(['ds', 'worker'], { DS_PORT: String(port), ...files, LOG_LEVEL: 'warn' })
  /** How often the hosts of directory servers have been checked: the one here does not speak TLS. */
  const reviews = () => product.stdout().split('directory-server.unreachable').length - 1
  const ask = (agent?: Agent) =>
    callDs(port, authority.cert, { certificate: client, method: 'GET', path: '/health/live', ...(agent && { agent }) })
  const refusesStranger = () =>
    expect(callDs(port, authority.cert, { certificate: stranger })).rejects.toThrow(/ECONNRESET|hang up/)
  const shown = () =>
    ask().then(
      answer => answer.shown,
      () => undefined,
    )
  await until(async () => (await shown()) === 'before')
  const agent = keptConnection(authority.cert, client)
  const { localPort } = await ask(agent)
  await refusesStranger()
  await until(() => reviews() === 2)

  show('after')
  product.process.kill('SIGHUP')
  await until(async () => (await shown()) === 'after')
  expect(await ask(agent)).toMatchObject({ status: 200, localPort })
  await refusesStranger()
  await until(() => reviews() === 4)
  agent.destroy()
})

test('safekey start runs the roles in production, and stops them and itself on SIGTERM', async () => {
  const authority = new CertificateAuthority(at.folder, 'production')
  const [acs, client] = [authority.sign('acs'), authority.sign('first.ds.example')]
  const database = await freshDatabase()
  const port = await freePort()
  const product = safekey(['start', '--role=ds', '--role=worker'], {
    DATABASE_URL: database.url,
    DS_PORT: String(port),
    DS_TLS_CERT_FILE: acs.certFile,
    DS_TLS_KEY_FILE: acs.keyFile,
    DS_TLS_CLIENT_CA_FILE: authority.certFile,
  })
  const ready = () =>
    callDs(port, authority.cert, { certificate: client, method: 'GET', path: '/health/ready' }).then(
      ({ status }) => status === 200,
      () => false,
    )
  await until(ready)
  const children = childrenOf(product.pid)
  roles.push(...children)
  product.process.kill('SIGTERM')
  expect([await product.exit, children.map(isOver)]).toEqual([0, [true, true]])
  await database.drop()
})
