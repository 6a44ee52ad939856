import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { ownFolder, type Place } from './place.ts'
import { exists, lastLines, run } from './process.ts'
import type { Settings } from './server.ts'

/**
 * Creates the cluster unless it exists. A process killed half-way leaves only a draft, which the next start removes.
 */
export async function createCluster({ home, account }: Place, programs: string, settings: Settings): Promise<boolean> {
  const cluster = join(home, 'cluster')
  if (await exists(cluster)) return false
  for (const name of await fs.readdir(home)) {
    // An initdb whose parent was killed may still be writing there; it ends once its files are gone. The next start
    // removes what it adds in spite of the retries.
    if (!name.startsWith('draft-')) continue
    await fs.rm(join(home, name), { recursive: true, force: true, maxRetries: 12, retryDelay: 50 }).catch(() => {})
  }
  // A unique name, for the same reason.
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

/** Syncs a file or folder to disk. initdb syncs its own files. */
async function toDisk(path: string): Promise<void> {
  const handle = await fs.open(path, 'r')
  await handle.sync().finally(() => handle.close())
}
