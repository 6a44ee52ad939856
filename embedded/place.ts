import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Account, exists, run, shortHash, unlessThere } from './process.ts'

/** The folder for root, which other users may enter, unlike a data folder below root's home. */
export const outsideFolder = '/var/lib/safekey'

export interface Place {
  readonly home: string
  /** The account that runs the server; undefined: our own. */
  readonly account: Account | undefined
}

/**
 * Chooses the folder of the data and the account of the server. For root the folder may have to be outside `folder`;
 * once there, it stays there.
 */
export async function choosePlace(folder: string, say: (line: string) => void): Promise<Place> {
  const uid = process.getuid?.()
  if (uid === undefined) throw new Error('The embedded PostgreSQL needs Linux or macOS; on Windows use WSL.')
  await fs.mkdir(folder, { recursive: true })
  const dataDir = await fs.realpath(folder)
  // pg_ctl passes paths to a shell in double quotes.
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

/** The owner of existing data, otherwise an unprivileged system account. */
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

export async function canEnter(account: Account, folder: string): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], account)).code === 0
}

export async function openOutside(): Promise<void> {
  await fs.mkdir(outsideFolder, { recursive: true })
  await fs.chmod(outsideFolder, 0o755)
}

/**
 * Creates a folder that no other user can write to. If root creates it, it stays root's and the account gets access by
 * its group: the account must reach its data but not replace the passwords. Below a folder of the account, everything
 * belongs to the account, which may later run without root. @throws Error if a folder of another user is in its place.
 */
export async function ownFolder(folder: string, account: Account | undefined): Promise<string> {
  await fs.mkdir(folder, { mode: 0o700 }).catch(unlessThere)
  const { uid } = await assertOurs(folder, account)
  if (account && uid !== account.uid) {
    const parent = await fs.stat(dirname(folder))
    await fs.chown(folder, parent.uid === account.uid ? account.uid : uid, account.gid)
    await fs.chmod(folder, 0o750)
  }
  return folder
}

export async function assertOurs(folder: string, account: Account | undefined): Promise<{ uid: number }> {
  const found = await fs.lstat(folder)
  const ours = found.isDirectory() && (found.uid === process.getuid?.() || found.uid === account?.uid)
  if (ours && !(found.mode & 0o022)) return found
  throw new Error(`${folder} is not a folder of ours alone: it belongs to user ${found.uid}, or others can change it.`)
}
