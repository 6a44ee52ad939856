import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { connect, disconnect } from '#db/client.ts'
import type { Role } from '#db/queries/heartbeats.ts'
import { auditStart } from './audit/started.ts'
import { prepareDatabase } from './database/prepare.ts'
import { reviewDirectoryServers } from './ds/review.ts'
import { startHeartbeat } from './health/heartbeat.ts'
import { readArguments } from './platform/arguments.ts'
import { config, environmentFor, loadEnvFile } from './platform/config.ts'
import { log } from './platform/log.ts'
import { reloadTls, tlsSettings } from './platform/tls.ts'
import { ConfigError } from './platform/variable.ts'

const roles = ['web', 'ds', 'worker'] as const satisfies readonly Role[]

/** How long a role may take to finish its current work after SIGTERM, milliseconds. */
const patience = 8000

/** Node.js options for the role's process: it must read TypeScript, however this process was started. */
const execArgv = process.execArgv.includes('tsx')
  ? process.execArgv
  : [...process.execArgv, '--import', import.meta.resolve('tsx')]

/**
 * Prepares the database, then runs each role in its own process. When the first of them exits, the others are stopped.
 */
async function lead(wanted: readonly Role[], dev: boolean): Promise<void> {
  const children = new Map<ChildProcess, Promise<number>>()
  // A role that is still starting would be killed by SIGHUP: it gets the signal once it is ready.
  const ready = new Set<ChildProcess>()
  const waiting = new Set<ChildProcess>()
  let status = 0
  let stopping = false
  const stop = (code: number) => {
    if (stopping) return
    stopping = true
    status = code
    for (const child of children.keys()) child.kill('SIGTERM')
    setTimeout(() => [...children.keys()].map(child => child.kill('SIGKILL')), patience).unref()
  }
  const review = () => void reviewDirectoryServers().catch(error => log.error('review.failed', { error }))
  const inTerminal = hasTerminal()
  // Before the database is prepared, which may take long: an unhandled SIGHUP ends a process.
  process.on('SIGHUP', () => {
    // Closing the terminal sends SIGHUP, too.
    if (inTerminal && !hasTerminal()) return children.size ? stop(0) : process.exit(0)
    for (const child of children.keys()) {
      if (ready.has(child)) child.kill('SIGHUP')
      else waiting.add(child)
    }
    try {
      reloadTls()
    } catch {
      // Each role logs what is wrong and keeps its current certificates, and so does this process.
    }
    review()
  })

  await prepareDatabase()
  await noteStart(wanted)

  for (const role of wanted) {
    const args = ['--child', `--role=${role}`, ...(dev ? ['--dev'] : [])]
    const child = fork(fileURLToPath(import.meta.url), args, { env: environmentFor(dev), execArgv })
    const ended = new Promise<number>(resolve => child.once('exit', code => resolve(code ?? 1)))
    children.set(child, ended)
    child.once('message', () => {
      ready.add(child)
      if (waiting.delete(child)) child.kill('SIGHUP')
    })
    ended.then(code => stop(code))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))
  review()
  setInterval(review, 24 * 60 * 60 * 1000).unref()
  process.on('disconnect', () => stop(0))
  await Promise.all(children.values())
  process.exit(status)
}

/** Writes the start to the audit log, then closes the connection: the leading process has no other use for one. */
async function noteStart(roles: readonly Role[]): Promise<void> {
  const { databaseURL, databaseDeadlines } = config()
  connect(databaseURL, { connections: 1, deadlines: databaseDeadlines })
  try {
    await auditStart(roles)
  } finally {
    await disconnect()
  }
}

/** Runs one role in this process until SIGTERM, or until its parent has exited. */
async function run(role: Role, dev: boolean): Promise<void> {
  connect(config().databaseURL, { deadlines: config().databaseDeadlines })
  const running = await start(role, dev)
  const heartbeat = startHeartbeat(role, running.sinceRound)
  const { host, port, dsPort } = config()
  log.info('role.ready', { role, ...(role !== 'worker' && { address: `${host}:${role === 'web' ? port : dsPort}` }) })
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), patience - 1000).unref()
    await Promise.all([running.stop(), heartbeat.stop()])
    await disconnect()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  // Ctrl-C sends SIGINT to the whole process group; the leading process sends SIGTERM when it is time to stop.
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => void reload(role, running))
  process.on('disconnect', stop)
  process.send?.('ready')
  // The parent may have exited while this role was starting.
  if (!process.connected) await stop()
}

interface Running {
  stop(): Promise<void>
  /** Milliseconds since the role's duties last completed a round. */
  sinceRound?(): number
  /** Puts certificates that were read again to use. */
  reload?(): Promise<void>
}

/**
 * Reads certificates, authorities and revocation lists from their files again. If any is wrong, all stay as they were.
 */
async function reload(role: Role, running: Running): Promise<void> {
  try {
    reloadTls()
    await running.reload?.()
    log.info('tls.reloaded', { role })
  } catch (error) {
    log.error('tls.not-reloaded', { role, error, ...(error instanceof ConfigError && { setting: error.message }) })
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}

async function start(role: Role, dev: boolean): Promise<Running> {
  const { host, port, dsPort } = config()
  try {
    switch (role) {
      case 'web':
        if (!dev && !existsSync('.next/BUILD_ID')) throw new ConfigError('The pages are not built yet: npm run build')
        return await (await import('./web/server.ts')).startWeb(dev)
      case 'ds':
        return await (await import('./ds/server.ts')).startDs()
      case 'worker':
        return (await import('./worker.ts')).startWorker()
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EACCES'].includes(code)) {
      throw new ConfigError(
        `HOST and the ports must be ones that this machine may listen on (${code}), for example HOST=127.0.0.1`,
      )
    }
    if (code !== 'EADDRINUSE') throw error
    const [name, taken] = role === 'web' ? ['PORT', port] : ['DS_PORT', dsPort]
    throw new ConfigError(
      `${name} must be a free port, but ${host}:${taken} is taken, for example ${name}=${taken + 100}`,
    )
  }
}

try {
  loadEnvFile()
  const { values } = readArguments(
    {
      options: {
        role: { type: 'string', multiple: true },
        dev: { type: 'boolean', default: false },
        /** Set by the leading process for its children. */
        child: { type: 'boolean', default: false },
      },
    },
    `safekey start [--role=web] [--role=ds] [--role=worker]
    Runs these roles, each in a process of its own; without --role all three.
    SIGTERM lets what is under way end, SIGHUP reads certificates again (docs/operations.md).`,
  )
  const wanted = (values.role ?? roles).map(name => {
    const role = roles.find(known => known === name)
    if (!role) throw new ConfigError('--role must be web, ds or worker, for example --role=ds')
    return role
  })
  config()
  tlsSettings()
  await (values.child ? run(wanted[0] ?? 'web', values.dev) : lead(wanted, values.dev))
} catch (error) {
  // Not with console.error, which is silent once `web` has started; and not thrown, because Next.js keeps a failing
  // process alive.
  process.stderr.write(`${error instanceof ConfigError ? error.message : inspect(error)}\n`)
  process.exit(1)
}
