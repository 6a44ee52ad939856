import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterEach, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { type Embedded, startEmbedded } from '#embedded/start.ts'

const root = process.getuid?.() === 0
const folders: string[] = []
const homes = new Set<string>()
const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const home of homes) {
    const pid = await postmaster(home).catch(() => undefined)
    // Immediate shutdown, because the data is not needed any more.
    if (pid && (await running(pid))) process.kill(pid, 'SIGQUIT')
    await fs.rm(home, { recursive: true, force: true, maxRetries: 10 })
  }
  homes.clear()
  for (const folder of folders.splice(0)) await fs.rm(folder, { recursive: true, force: true, maxRetries: 10 })
})

test('starts a database in a folder that does not exist yet, with safe defaults', async () => {
  const { url, adminUrl, home } = await start(join(await folder(), 'not', 'yet'))

  const [role] = await ask(
    url,
    'select rolname, rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = user',
  )
  expect(role).toEqual({ rolname: 'safekey', rolsuper: false, rolcreatedb: false, rolcreaterole: false })
  const [database] = await ask(
    url,
    `select pg_encoding_to_char(encoding) encoding, datlocprovider provider, datlocale locale, pg_get_userbyid(datdba) owner
     from pg_database where datname = current_database()`,
  )
  expect(database).toEqual({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', owner: 'safekey' })
  for (const [name, value] of [
    ['fsync', 'on'],
    ['synchronous_commit', 'on'],
    ['full_page_writes', 'on'],
    ['listen_addresses', ''],
    ['max_connections', '100'],
  ]) {
    expect(await ask(adminUrl, `show ${name}`), name).toEqual([{ [`${name}`]: value }])
  }
  const rules = await ask(adminUrl, 'select distinct auth_method from pg_hba_file_rules')
  expect(rules).toEqual([{ auth_method: 'scram-sha-256' }])
  expect((await fs.stat(join(home, 'cluster', 'passwords'))).mode & 0o777).toBe(0o600)
  expect((await fs.stat(home)).mode & 0o027).toBe(0)
  await expect(ask(url.replace(/:[^:@]+@/, ':guessed@'), 'select 1')).rejects.toThrow('password authentication failed')
})

test('only the administrator can create databases, not the application', async () => {
  const { url, adminUrl } = await start(await folder())

  await ask(adminUrl, 'create database another')
  await expect(ask(url, 'create database forbidden')).rejects.toThrow('permission denied')
})

test('a second start gets the same server, and only the last stop ends it', async () => {
  const dataDir = await folder()
  const first = await start(dataDir)
  await ask(first.url, 'create table kept as select 1 as value')
  const second = await start(dataDir)
  expect(second.url).toBe(first.url)

  await first.stop()
  await first.stop()
  expect(await ask(second.url, 'select value from kept')).toEqual([{ value: 1 }])
  await second.stop()
  await expect(ask(second.url, 'select 1')).rejects.toThrow('ENOENT')

  const third = await start(dataDir)
  expect(third.url).toBe(first.url)
  expect(await ask(third.url, 'select value from kept')).toEqual([{ value: 1 }])
})

test('stop does not end the server while another client is connected', async () => {
  const server = await start(await folder())
  const stranger = postgres(server.url, { max: 1 })
  await stranger`select 1`

  await server.stop()
  expect(await stranger`select 1 as value`).toEqual([{ value: 1 }])
  await stranger.end()
})

test('committed data survives a kill of PostgreSQL', async () => {
  const dataDir = await folder()
  const before = await start(dataDir)
  const busy = postgres(before.url, { max: 3 })
  await busy`create table kept as select 1 as value`
  process.kill(await postmaster(before.home), 'SIGKILL')

  const after = await start(dataDir)
  expect(await ask(after.url, 'select value from kept')).toEqual([{ value: 1 }])
  await busy.end()
})

test('starts a killed server again, and reports it', async () => {
  const dataDir = await folder()
  const server = await start(dataDir)
  const lines: string[] = []
  const gone: Error[] = []
  server.keepRunning(
    line => lines.push(line),
    error => gone.push(error),
  )
  await ask(server.url, 'create table kept as select 1 as value')
  const before = await postmaster(server.home)
  process.kill(before, 'SIGKILL')

  const answer = () =>
    ask(server.url, 'select value from kept').then(
      ([row]) => row?.value,
      () => undefined,
    )
  await until(async () => (await answer()) === 1)
  const after = await postmaster(server.home)
  expect(after).not.toBe(before)
  await until(() => lines.length === 2)
  expect([lines, gone]).toEqual([[expect.stringContaining('started again'), expect.stringContaining('is back')], []])

  await server.stop()
  expect(await running(after)).toBe(false)
})

test('gives up a killed server that cannot be started again, with the reason', async () => {
  const dataDir = await folder()
  const server = await start(dataDir)
  const gone = new Promise<Error>(resolve => server.keepRunning(() => {}, resolve))
  await fs.writeFile(join(server.home, 'cluster', 'data', 'postgresql.auto.conf'), "shared_buffers = 'nonsense'\n")
  process.kill(await postmaster(server.home), 'SIGKILL')

  expect((await gone).message).toMatch(/does not start: .*shared_buffers/)
  await server.stop()
})

test('the server outlives the process that started it, and the next process takes it over', async () => {
  const dataDir = await folder()
  const first = await startInChild(dataDir)
  await ask(first.url, 'create table kept as select 1 as value')
  const pid = await postmaster(first.home)
  await kill(first.child)

  const second = await start(dataDir)
  expect(second.url).toBe(first.url)
  expect(await postmaster(second.home)).toBe(pid)
  expect(await ask(second.url, 'select value from kept')).toEqual([{ value: 1 }])

  await second.stop()
  expect(await running(pid)).toBe(false)
})

test('processes that start at once share one server', async () => {
  const dataDir = await folder()
  const started = await Promise.all([startInChild(dataDir), startInChild(dataDir), start(dataDir), start(dataDir)])

  expect(new Set(started.map(({ url }) => url)).size).toBe(1)
  expect(await ask(started[0].url, 'select 1 as value')).toEqual([{ value: 1 }])
})

test('a first start that was killed half-way does not prevent the next', async () => {
  const dataDir = await folder()
  const home = join(dataDir, 'postgres')
  const child = childOn(dataDir)
  const draft = await until(async () => {
    const names = await fs.readdir(home).catch(() => [])
    const name = names.find(name => name.startsWith('draft-'))
    return name !== undefined && existsSync(join(home, name, 'data', 'base')) && name
  }, 5)
  await kill(child)
  expect(await fs.readdir(home)).not.toContain('cluster')

  const { url } = await start(dataDir)
  expect(await ask(url, 'select 1 as value')).toEqual([{ value: 1 }])
  expect(await fs.readdir(home)).not.toContain(draft)
})

test('the process id of a dead server that another program now has is not mistaken for a server', async () => {
  const dataDir = await folder()
  const before = await start(dataDir)
  const file = join(before.home, 'cluster', 'data', 'postmaster.pid')
  const text = await fs.readFile(file, 'utf8')
  await before.stop()
  await fs.writeFile(file, text.replace(/^\d+/, String(process.pid)))

  const after = await start(dataDir)
  expect(await ask(after.url, 'select 1 as value')).toEqual([{ value: 1 }])
})

test('starts a database below a folder that only its owner may enter, and reports where the data is', async () => {
  const dataDir = join(await folder(0o700), 'data')
  const lines: string[] = []
  const { url, home } = await start(dataDir, lines)

  expect(await ask(url, 'select 1 as value')).toEqual([{ value: 1 }])
  expect(lines.join('\n')).toContain(home)
  // Only for root does PostgreSQL run as another user, who may not enter.
  expect(home.startsWith(dataDir)).toBe(!root)
  expect((await fs.stat(home)).mode & 0o027).toBe(0)

  // Data that is outside stays there, even if the folder is opened later.
  await fs.chmod(join(dataDir, '..'), 0o711)
  expect((await start(dataDir)).home).toBe(home)
})

test.each([
  ['is too long for a socket', 'ながい'.repeat(10)],
  ['has a comma, a quote and a space in it', "it's, a place"],
])('works with a path that %s', async (_, name) => {
  const { url, stop } = await start(join(await folder(), name))
  expect(await ask(url, 'select 1 as value')).toEqual([{ value: 1 }])

  await stop()
  const socketFolder = decodeURIComponent(url.replace(/^.*@|%2F%2C:.*$/g, ''))
  expect(socketFolder).toMatch(/^\//)
  await expect(fs.stat(socketFolder)).rejects.toThrow('ENOENT')
})

test('reports why a server cannot start', async () => {
  const starting = startEmbedded(await folder(), () => {}, { shared_buffers: 'nonsense' })

  await expect(starting).rejects.toThrow(/does not start: .*invalid value for parameter "shared_buffers": "nonsense"/)
})

/** Creates a temporary folder. The default mode lets the user who runs PostgreSQL enter. */
async function folder(mode = 0o711): Promise<string> {
  const path = join(await fs.realpath(os.tmpdir()), `safekey-embedded-${randomBytes(6).toString('hex')}`)
  await fs.mkdir(path, { mode })
  folders.push(path)
  return path
}

async function start(dataDir: string, lines: string[] = []): Promise<Embedded> {
  const started = await startEmbedded(dataDir, line => lines.push(line))
  homes.add(started.home)
  return started
}

/** A process that starts PostgreSQL, prints the result, and keeps running. */
function childOn(dataDir: string): ChildProcess {
  const program = `
    import { startEmbedded } from ${JSON.stringify(new URL('start.ts', import.meta.url).href)}
    const { url, home } = await startEmbedded(${JSON.stringify(dataDir)}, () => {})
    console.log(JSON.stringify({ url, home }))
    setInterval(() => {}, 60_000)`
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  homes.add(join(dataDir, 'postgres'))
  return child
}

async function startInChild(dataDir: string): Promise<{ url: string; home: string; child: ChildProcess }> {
  const child = childOn(dataDir)
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', chunk => resolve(String(chunk)))
    child.once('exit', () => reject(new Error('The child ended before it had started PostgreSQL.')))
  })
  const { url, home } = JSON.parse(line) as { url: string; home: string }
  return { url, home, child }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, connection: { application_name: 'test' } })
  try {
    return [...(await sql.unsafe(statement))]
  } finally {
    await sql.end()
  }
}

async function postmaster(home: string): Promise<number> {
  const text = await fs.readFile(join(home, 'cluster', 'data', 'postmaster.pid'), 'utf8')
  return Number.parseInt(text, 10)
}

/** Whether a process is running (not a zombie) and is PostgreSQL. */
async function running(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
    const command = await fs.readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres')
    return command.includes('postgres')
  } catch {
    return false
  }
}
