import * as fs from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { isPostgres, liveMarks } from './marks.ts'
import { assertOurs, canEnter, type Place } from './place.ts'
import { type Account, codeOf, lastLines, run, shortHash, unlessThere } from './process.ts'

/** PostgreSQL settings by name, e.g. `{ fsync: 'off' }` for data that may be lost. */
export type Settings = Readonly<Record<string, string>>

const port = 5432
/** See `urlOf`. */
const link = `,:${port}`
/** `sun_path` holds 104 bytes on macOS, 108 on Linux; this leaves room for the end of the path in `urlOf`. */
const longestSocketFolder = 80

interface Running {
  readonly ready: boolean
  readonly socketFolder: string
}

/** Starts the server if necessary and waits until it answers, in whatever state it was left. */
export async function ensureRunning(place: Place, programs: string, settings: Settings) {
  const cluster = join(place.home, 'cluster')
  const data = join(cluster, 'data')
  const [admin, application] = (await fs.readFile(join(cluster, 'passwords'), 'utf8')).split('\n')
  if (!admin || !application) throw new Error(`${join(cluster, 'passwords')} does not hold two passwords.`)

  // Two minutes: a large database that was killed needs time to recover, and one that shuts down to write.
  for (let round = 0; round < 600; round++) {
    const running = await runningServer(data)
    if (running?.ready) {
      const adminUrl = urlOf(running.socketFolder, 'postgres', admin, 'postgres')
      const url = urlOf(running.socketFolder, 'safekey', application, 'safekey')
      if (await ensureApplication(adminUrl, application)) return { url, adminUrl }
    } else if (!running && (await startServer(place, programs, settings))) continue
    await pause(200)
  }
  throw new Error(`PostgreSQL in ${data} does not become ready: ${await logEnd(data)}`)
}

/** Whether the server's process exists, even if it is starting or stopping. Changes nothing. */
export async function isRunning({ home }: Place): Promise<boolean> {
  const text = await fs.readFile(join(home, 'cluster', 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 0 && isPostgres(pid)
}

/** Reads `postmaster.pid`. Undefined if the process it names has ended, or its id now belongs to another program. */
async function runningServer(data: string): Promise<Running | undefined> {
  const file = join(data, 'postmaster.pid')
  const text = await fs.readFile(file, 'utf8').catch(() => '')
  const [pid, , , , socketFolder, , , status] = text.split('\n')
  if (!pid) return undefined
  if (!isPostgres(Number(pid))) {
    // PostgreSQL would mistake any process of its account with this id for a server, so the file is removed. If
    // children of a killed server still live, PostgreSQL notices them by their shared memory.
    await fs.rm(file, { force: true })
    return undefined
  }
  return { ready: status?.trim() === 'ready' && !!socketFolder, socketFolder: socketFolder ?? '' }
}

/**
 * @returns false if another server holds the data: one that was just started, or the children of a killed one, which
 * end soon.
 */
async function startServer({ home, account }: Place, programs: string, settings: Settings): Promise<boolean> {
  const data = join(home, 'cluster', 'data')
  const log = join(data, 'server.log')
  const all: Settings = {
    listen_addresses: '',
    unix_socket_directories: `"${await makeSocketFolder(home, account)}"`,
    unix_socket_permissions: '0700',
    port: `${port}`,
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // Statements and details of constraint violations may contain a cardholder's data, so they are not logged.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...settings,
  }
  const options = Object.entries(all).map(([name, value]) => `-c ${name}='${value.replaceAll("'", `'\\''`)}'`)
  await fs.rename(log, `${log}.previous`).catch(() => {})
  const args = ['start', '-w', '-s', '-t', '120', '-D', data, '-l', log, '-o', options.join(' ')]
  const started = await run(join(programs, 'bin', 'pg_ctl'), args, account)
  if (started.code === 0) return true
  const end = await logEnd(data)
  if (end.includes('pre-existing shared memory block') || (await runningServer(data))) return false
  throw new Error(`PostgreSQL in ${data} does not start: ${end || lastLines(started.output)}`)
}

/**
 * Creates the folder of the socket: in the home or, if its path is too long for a socket (see also `urlOf`), in a
 * temporary folder.
 */
async function makeSocketFolder(home: string, account: Account | undefined): Promise<string> {
  const own = join(home, 'cluster', 'socket')
  let chosen = own
  for (const parent of [os.tmpdir(), '/tmp']) {
    if (Buffer.byteLength(chosen) <= longestSocketFolder && !chosen.includes(',')) break
    if (!account || (await canEnter(account, parent))) chosen = join(parent, `safekey-${shortHash(home)}`)
  }
  if (chosen !== own) {
    await fs.mkdir(chosen, { mode: 0o700 }).catch(unlessThere)
    const { uid } = await assertOurs(chosen, account)
    if (account && uid !== account.uid) await fs.chown(chosen, account.uid, account.gid)
  }
  await fs.symlink('.', join(chosen, link)).catch(unlessThere)
  // As in `runningServer`: no other server uses this folder, so a lock in it belongs to a dead server.
  await fs.rm(join(chosen, `.s.PGSQL.${port}.lock`), { force: true })
  return chosen
}

/**
 * postgres.js 3.4 accepts a socket in a URL in only one form: it decodes percent signs of the host if that contains a
 * comma (a list of hosts), and uses a host that contains a slash as the folder of a socket. So the URL leads through a
 * link named `,:5432` to the folder itself. The port is given because postgres.js would otherwise use PGPORT.
 */
function urlOf(folder: string, role: string, password: string, database: string): string {
  return `postgres://${role}:${password}@${encodeURIComponent(`${folder}/,`)}:${port}/${database}`
}

/** Creates the application's role and database unless they exist. @returns false if the server does not answer now. */
async function ensureApplication(adminUrl: string, password: string): Promise<boolean> {
  const sql = connect(adminUrl)
  try {
    const [found] = await sql`
      select exists (select from pg_roles where rolname = 'safekey') as role,
             exists (select from pg_database where datname = 'safekey') as database`
    // The password contains only letters, digits, - and _.
    if (!found?.role) await sql.unsafe(`create role safekey login password '${password}'`)
    if (!found?.database) await sql.unsafe('create database safekey owner safekey')
    return true
  } catch (error) {
    const code = codeOf(error)
    // 57P01, 57P02, 57P03: shutting down, crashed, starting up.
    if (code.startsWith('57P0') || ['ENOENT', 'ECONNREFUSED', 'CONNECTION_CLOSED', 'ECONNRESET'].includes(code))
      return false
    throw new Error(`The administrator cannot prepare the embedded database: ${error}`, { cause: error })
  } finally {
    await sql.end()
  }
}

/** Removes the mark, and stops the server if it was the last one. */
export async function leave({ home, account }: Place, programs: string, mark: string, adminUrl: string): Promise<void> {
  await fs.rm(mark, { force: true })
  const data = join(home, 'cluster', 'data')
  if ((await liveMarks(home, 'user')).length > 0) return
  const server = await runningServer(data)
  if (!server?.ready || (await othersConnected(adminUrl))) return
  const args = ['stop', '-w', '-s', '-m', 'fast', '-t', '120', '-D', data]
  const stopped = await run(join(programs, 'bin', 'pg_ctl'), args, account)
  if (stopped.code !== 0) throw new Error(`PostgreSQL in ${data} does not stop: ${lastLines(stopped.output)}`)
  if (server.socketFolder.startsWith(home)) return
  // rmdir only removes an empty folder, so a wrong path in the server's file does no harm.
  await fs.rm(join(server.socketFolder, link), { force: true })
  await fs.rmdir(server.socketFolder).catch(() => {})
}

async function othersConnected(adminUrl: string): Promise<boolean> {
  const sql = connect(adminUrl)
  try {
    // PostgreSQL needs a moment to notice that a process has ended.
    for (let round = 0; round < 10; round++) {
      const others = await sql`
        select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`
      if (others.length === 0) return false
      await pause(50)
    }
    return true
  } finally {
    await sql.end()
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, fetch_types: false, connect_timeout: 10, onnotice: () => {} })
}

async function logEnd(data: string): Promise<string> {
  return lastLines(await fs.readFile(join(data, 'server.log'), 'utf8').catch(() => ''))
}
