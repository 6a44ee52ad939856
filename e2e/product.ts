import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { environment, prepareFolder } from '../demo/deployment.ts'
import { poll } from './poll.ts'

export const projectFolder = fileURLToPath(new URL('..', import.meta.url))

/** The product in the demo's stage. */
const asDemo = ['--import', 'tsx', '--import', './demo/demo-mode.ts']

export interface Addresses {
  /** Where browsers see the product and the shop: two sites, as in real life. */
  readonly acs: string
  readonly merchant: string
  /** The same for Node.js, which does not know *.localhost. */
  readonly web: string
  readonly ds: string
  readonly shop: string
  readonly inbox: string
  /** Free for a server of a test's own. */
  readonly spare: string
}

/** One product with its database and the demo around it, in a folder of its own. */
export class Product {
  readonly addresses: Addresses
  readonly dataDir: string
  readonly #env: NodeJS.ProcessEnv
  #process: ChildProcess | undefined
  #operator: ChildProcess | undefined
  #secret = ''
  #databaseURL = ''
  #output = ''

  /** `more`: variables of its own, such as another brand. */
  constructor(index: number, more: Readonly<Record<string, string>> = {}) {
    // Two checkouts that are tested on one machine at once need different ones.
    const port = Number(process.env.E2E_PORT || 4100) + 20 * index
    // As root the database runs under another account, which must be able to pass.
    this.dataDir = mkdtempSync(join(tmpdir(), 'safekey-e2e-'))
    chmodSync(this.dataDir, 0o711)
    const local = (offset: number) => `http://localhost:${port + offset}`
    this.addresses = {
      acs: `http://acs.localhost:${port}`,
      merchant: `http://merchant.localhost:${port + 1}`,
      web: local(0),
      shop: local(1),
      inbox: local(2),
      ds: local(3),
      spare: `http://merchant.localhost:${port + 5}`,
    }
    const { DATABASE_URL: _, ...own } = process.env
    this.#env = {
      ...own,
      PORT: String(port),
      DEMO_SHOP_PORT: String(port + 1),
      DEMO_INBOX_PORT: String(port + 2),
      DS_PORT: String(port + 3),
      DEMO_SMTP_PORT: String(port + 4),
      PUBLIC_URL: this.addresses.acs,
      DEMO_SHOP_URL: this.addresses.merchant,
      DATA_DIR: this.dataDir,
      ...more,
    }
  }

  /** For `X-Demo-Secret`; another one after each start. */
  get secret(): string {
    return this.#secret
  }

  get databaseURL(): string {
    return this.#databaseURL
  }

  /** What it has printed since it was started last. */
  get output(): string {
    return this.#output
  }

  async start(): Promise<void> {
    const started = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts'], {
      cwd: projectFolder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // a process group of its own, so that `kill` reaches all of it
    })
    this.#process = started
    this.#output = ''
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (part: Buffer) => {
        this.#output += part
      })
    this.#secret = await new Promise((resolve, reject) => {
      started.once('message', message => {
        const { secret, databaseURL } = message as { secret: string; databaseURL: string }
        this.#databaseURL = databaseURL
        resolve(secret)
      })
      started.once('exit', code => reject(new Error(`The product ended with ${code} at its start:\n${this.#output}`)))
    })
  }

  /** What an operator would type after `safekey cards`; answers what it prints. One command at a time. */
  async cards(...args: string[]): Promise<string> {
    this.#operator ??= this.#newOperator()
    const operator = this.#operator
    const answered = once(operator, 'message')
    operator.send(args)
    const [{ status, stdout, stderr }] = (await answered) as [{ status: number; stdout: string; stderr: string }]
    if (status !== 0) throw new Error(`cards ${args[0]} failed: ${stderr}`)
    return stdout
  }

  #newOperator(): ChildProcess {
    return fork('e2e/operator.ts', { cwd: projectFolder, env: this.#ownEnvironment(), execArgv: asDemo })
  }

  /** `web` once more, on the port that it has already: how it ends, and what an operator reads. */
  startWebAgain(): { status: number | null; stdout: string; stderr: string } {
    const args = [...asDemo, 'server/main.ts', '--role=web']
    return spawnSync(process.execPath, args, { cwd: projectFolder, env: this.#ownEnvironment(), encoding: 'utf8' })
  }

  #ownEnvironment(): NodeJS.ProcessEnv {
    const { web, ds, shop, inbox } = this.addresses
    const port = (origin: string) => Number(new URL(origin).port)
    const ports = { web: port(web), ds: port(ds), shop: port(shop), inbox: port(inbox), smtp: port(web) + 4 }
    const { keys, smsSecret } = prepareFolder(this.dataDir, 'keep')
    const origins = { web: this.addresses.acs, shop: this.addresses.merchant, inbox }
    return environment(this.dataDir, ports, origins, this.#databaseURL, keys, smsSecret)
  }

  /** As Ctrl-C does. */
  async stop(): Promise<void> {
    await this.#end(started => started.kill('SIGTERM'))
  }

  /** As a power cut does: every process at once, the database's too. */
  async kill(): Promise<void> {
    await this.#end(started => {
      const database = Number(this.#postmaster()[0])
      process.kill(-Number(started.pid), 'SIGKILL')
      process.kill(database, 'SIGKILL')
    })
  }

  /** The database alone, under everybody's hands. */
  killDatabase(): void {
    process.kill(Number(this.#postmaster()[0]), 'SIGKILL')
  }

  /** Lets every process of the database stand still, as a machine that hangs, or go on. */
  signalDatabase(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const postmaster = Number(this.#postmaster()[0])
    const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
    for (const pid of [postmaster, ...children.split(' ').flatMap(child => Number(child) || [])]) {
      process.kill(pid, signal)
    }
  }

  async remove(): Promise<void> {
    this.#operator?.disconnect()
    await this.stop()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  /** Everything that the product has logged so far, or since `from`. */
  log(from = 0): string {
    return readFileSync(this.#logFile).subarray(from).toString('utf8')
  }

  logLength(): number {
    return statSync(this.#logFile).size
  }

  /** How an administrator on this machine reaches the database. */
  database(): { path: string; username: string; password: string; database: string } {
    const cluster = join(this.dataDir, 'postgres', 'cluster')
    const [, password = ''] = readFileSync(join(cluster, 'passwords'), 'utf8').split('\n')
    const socketFolder = this.#postmaster()[4] ?? ''
    return { path: join(socketFolder, '.s.PGSQL.5432'), username: 'safekey', password, database: 'safekey' }
  }

  /** Resolves once every e-mail and text message that waited is with its gateway, or given up. */
  async hasSentAll(): Promise<void> {
    const sql = postgres({ ...this.database(), max: 1, onnotice: () => {} })
    const waiting = () =>
      sql`select kind from outbox where kind in ('email', 'sms') and handed_over_at is null and failed_at is null`
    await poll(async () => (await waiting()).length, 'messages that wait').toBe(0)
    await sql.end()
  }

  get #logFile(): string {
    return join(this.dataDir, 'product.log')
  }

  #postmaster(): string[] {
    return readFileSync(join(this.dataDir, 'postgres', 'cluster', 'data', 'postmaster.pid'), 'utf8').split('\n')
  }

  async #end(by: (started: ChildProcess) => void): Promise<void> {
    const started = this.#process
    this.#process = undefined
    if (!started || started.exitCode !== null || started.signalCode !== null) return
    const ended = once(started, 'exit')
    by(started)
    await ended
  }
}
