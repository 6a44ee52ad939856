import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { codeOf } from './process.ts'

// Who is here, who works alone.

/** Leaves a file that says: this process is here, for as long as it lives or until it removes the file. */
export async function leaveMark(folder: string, kind: 'user' | 'starter'): Promise<string> {
  const name = `${kind}-${process.pid}-${startOf(process.pid)}-${randomBytes(6).toString('hex')}`
  await fs.writeFile(join(folder, name), '', { flag: 'wx', mode: 0o600 })
  return join(folder, name)
}

/** The marks of living processes; those of dead ones are removed. */
export async function liveMarks(folder: string, kind: 'user' | 'starter'): Promise<string[]> {
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
export async function alone<T>(folder: string, task: () => Promise<T>): Promise<T> {
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

export function isPostgres(pid: number): boolean {
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
