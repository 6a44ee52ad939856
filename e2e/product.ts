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

/** Arguments that start the product in demo mode. */
const asDemo = ['--import', 'tsx', '--import', './demo/demo-mode.ts']

export interface Addresses {
  /** Origins of the product and the shop for browsers: two sites, as in reality. */
  readonly acs: string
  readonly merchant: string
  /** The same for Node.js, which does not resolve *.localhost. */
  readonly web: string
  readonly ds: string
  readonly shop: string
  readonly inbox: string
  /** Free for a server of a test. */
  readonly spare: string
  /** Free for a directory server of a test: its RReqs may go there. */
  readonly otherDS: string
}

/** A product with its database and the demo around it, in its own folder. */
export class Product {
  readonly addresses: Addresses
  readonly dataDir: string
  readonly #env: NodeJS.ProcessEnv
  #process: ChildProcess | undefined
  #operator: ChildProcess | undefined
  #secret = ''
  #databaseURL = ''
  #output = ''

  /** `more`: additional variables, such as for another brand. */
  constructor(index: number, more: Readonly<Record<string, string>> = {}) {
    // Two checkouts that are tested on one machine at the same time need different ports. `fetch` and browsers refuse
    // some ports, such as 4190 and 5060 (Fetch Standard, "bad port").
    const port = Number(process.env.E2E_PORT || 4400) + 20 * index
    // If started as root, the database runs under another account, which needs access.
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
      otherDS: local(7),
    }
    const { DATABASE_URL: _, ...own } = process.env
    this.#env = {
      ...own,
      PORT: String(port),
      DEMO_SHOP_PORT: String(port + 1),
      DEMO_INBOX_PORT: String(port + 2),
      DS_PORT: String(port + 3),
      DEMO_SMTP_PORT: String(port + 4),
      DEMO_RREQ_PORT: String(port + 6),
      DEMO_DS_HOSTS: new URL(this.addresses.otherDS).host,
      PUBLIC_URL: this.addresses.acs,
      DEMO_SHOP_URL: this.addresses.merchant,
      DATA_DIR: this.dataDir,
      // The phone's push service, and that of a test.
      PUSH_HOSTS: `${new URL(this.addresses.inbox).host},127.0.0.1:${port + 5}`,
      ...more,
    }
  }

  /** For `X-Demo-Secret`; a new one at each start. */
  get secret(): string {
    return this.#secret
  }

  get databaseURL(): string {
    return this.#databaseURL
  }

  /** Its output since its last start. */
  get output(): string {
    return this.#output
  }

  async start(): Promise<void> {
    const started = spawn(process.execPath, ['--import', 'tsx', 'demo/main.ts'], {
      cwd: projectFolder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // its own process group, so that `kill` reaches all of it
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

  /** Runs `safekey cards` with these arguments and returns its output. One command at a time. */
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

  /** Starts `web` again on the port that is already in use, and returns its exit status and output. */
  startWebAgain(): { status: number | null; stdout: string; stderr: string } {
    const args = [...asDemo, 'server/main.ts', '--role=web']
    return spawnSync(process.execPath, args, { cwd: projectFolder, env: this.#ownEnvironment(), encoding: 'utf8' })
  }

  #ownEnvironment(): NodeJS.ProcessEnv {
    const { web, ds, shop, inbox } = this.addresses
    const port = (origin: string) => Number(new URL(origin).port)
    const ports = {
      web: port(web),
      ds: port(ds),
      shop: port(shop),
      inbox: port(inbox),
      smtp: port(web) + 4,
      rreq: port(web) + 6,
    }
    const { keys, gatewaySecrets } = prepareFolder(this.dataDir, 'keep')
    const origins = { web: this.addresses.acs, shop: this.addresses.merchant, inbox }
    return environment(this.dataDir, ports, origins, this.#databaseURL, keys, gatewaySecrets)
  }

  /** Stops the product as Ctrl-C does. */
  async stop(): Promise<void> {
    await this.#end(started => started.kill('SIGTERM'))
  }

  /** Kills every process at once, the database's too, like a power cut. */
  async kill(): Promise<void> {
    await this.#end(started => {
      const database = Number(this.#postmaster()[0])
      process.kill(-Number(started.pid), 'SIGKILL')
      process.kill(database, 'SIGKILL')
    })
  }

  /**
   * Runs `during` while the database is gone. The demo would start it again within a second, so it stands still, its shop
   * and its inbox included. Resolves once the product is ready again.
   */
  async withoutDatabase(during: () => Promise<void>): Promise<void> {
    const demo = Number(this.#process?.pid)
    process.kill(demo, 'SIGSTOP')
    process.kill(Number(this.#postmaster()[0]), 'SIGKILL')
    try {
      await during()
    } finally {
      process.kill(demo, 'SIGCONT')
    }
    const status = async () => (await fetch(`${this.addresses.web}/health/ready`)).status
    await poll(status, 'the product is ready').toBe(200)
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  /** The product's log so far, or since `from`. */
  log(from = 0): string {
    return readFileSync(this.#logFile).subarray(from).toString('utf8')
  }

  logLength(): number {
    return statSync(this.#logFile).size
  }

  /** How the application, or the database's administrator, reaches the database on this machine. */
  database(username: 'safekey' | 'postgres' = 'safekey') {
    const cluster = join(this.dataDir, 'postgres', 'cluster')
    const [administrator = '', application = ''] = readFileSync(join(cluster, 'passwords'), 'utf8').split('\n')
    const password = username === 'postgres' ? administrator : application
    const socketFolder = this.#postmaster()[4] ?? ''
    return { path: join(socketFolder, '.s.PGSQL.5432'), username, password, database: 'safekey' }
  }

  /** Resolves once every waiting e-mail and text message has been handed to its gateway, or given up. */
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
    // Its keys and its database may be others after the next start.
    this.#operator?.disconnect()
    this.#operator = undefined
    const started = this.#process
    this.#process = undefined
    if (!started || started.exitCode !== null || started.signalCode !== null) return
    const ended = once(started, 'exit')
    by(started)
    await ended
  }
}
