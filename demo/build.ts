import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const sources = ['app', 'db', 'domain', 'messages', 'public', 'server']
const files = ['middleware.ts', 'next.config.mjs', 'postcss.config.mjs', 'package-lock.json', 'tsconfig.json']
const stamp = '.next/demo-build'
const keyFile = '.next/cache/demo-actions-key'

/** Builds the product, unless the existing build is up to date. Returns false if the build failed. */
export function ensureBuild(): boolean {
  const key = actionsKey()
  const wanted = fingerprint(key)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync('.next/BUILD_ID')) return true
  console.log('Building the pages, about a minute: only this time, and after a change …')
  const build = spawnSync(process.execPath, ['--import', 'tsx', 'server/build.ts'], {
    env: { ...process.env, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: key, NODE_ENV: 'production' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (build.status !== 0) {
    console.error(build.stdout, build.stderr)
    return false
  }
  writeFileSync(stamp, wanted)
  return true
}

/**
 * The key that names the window's forms; the same for every build of this checkout, so that a new build does not break
 * open windows.
 */
function actionsKey(): string {
  if (!existsSync(keyFile)) {
    mkdirSync('.next/cache', { recursive: true })
    writeFileSync(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 })
  }
  return readFileSync(keyFile, 'utf8')
}

/** Everything that a build depends on: the content of the sources, and the key that names the forms. */
function fingerprint(key: string): string {
  const hash = createHash('sha256').update(key).update(process.version)
  const all = sources.flatMap(folder =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map(entry => join(entry.parentPath, entry.name)),
  )
  for (const file of [...all, ...files].sort()) hash.update(`\0${file}\0`).update(readFileSync(file))
  return hash.digest('hex')
}
