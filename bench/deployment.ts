import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbedded } from '#embedded/start.ts'
import { environment, type Ports, prepareFolder } from '../demo/deployment.ts'
import { freePort } from '../demo/free-port.ts'

/** A deployment of the product that exists for the duration of the measurement. */
export interface Deployment {
  readonly folder: string
  readonly ports: Ports
  /** Origins of product, shop and inbox for browsers. */
  readonly origins: { readonly web: string; readonly shop: string; readonly inbox: string }
  readonly databaseURL: string
  readonly env: NodeJS.ProcessEnv
  remove(): Promise<void>
}

/** Arguments that start the product as the demo does, without mutual TLS. */
export const productArguments = [
  '--import',
  'tsx',
  '--import',
  fileURLToPath(new URL('../demo/demo-mode.ts', import.meta.url)),
]

/**
 * Starts a separate PostgreSQL with the settings of production (fsync and synchronous_commit on), in a temporary
 * folder, and imports the demo's cards and `more`. Throws if the cards cannot be imported.
 */
export async function install(more: readonly object[] = []): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), 'safekey-bench-'))
  // If started as root, the database runs under another account, which needs access.
  chmodSync(folder, 0o711)
  const [web = 0, ds = 0, shop = 0, inbox = 0, smtp = 0, rreq = 0] = await Promise.all(
    Array.from({ length: 6 }, () => freePort()),
  )
  const ports: Ports = { web, ds, shop, inbox, smtp, rreq }
  const origins = {
    web: `http://localhost:${web}`,
    shop: `http://localhost:${shop}`,
    inbox: `http://localhost:${inbox}`,
  }
  const { keys, gatewaySecrets } = prepareFolder(folder)
  const embedded = await startEmbedded(folder, () => {})
  const env = environment(folder, ports, origins, embedded.url, keys, gatewaySecrets)
  const remove = async () => {
    await embedded.stop()
    rmSync(embedded.home, { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('SIGINT', () => void remove().finally(() => process.exit(130)))
  try {
    importCards(fileURLToPath(new URL('../demo/cards.ndjson', import.meta.url)), env)
    if (more.length > 0) {
      const file = join(folder, 'cards.ndjson')
      writeFileSync(file, more.map(card => `${JSON.stringify(card)}\n`).join(''))
      importCards(file, env)
    }
  } catch (error) {
    await remove()
    throw error
  }
  return { folder, ports, origins, databaseURL: embedded.url, env, remove }
}

function importCards(file: string, env: NodeJS.ProcessEnv): void {
  command(env, 'cards', 'import', file)
}

/** Runs a command that an operator would use. */
export function command(env: NodeJS.ProcessEnv, name: 'cards' | 'risk', ...args: readonly string[]): void {
  const all = [...productArguments, `server/commands/${name}.ts`, ...args]
  const { status, stderr } = spawnSync(process.execPath, all, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`safekey ${name} ${args[0]} failed: ${stderr}`)
}
