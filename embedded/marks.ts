import { randomBytes, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { codeOf } from './process.ts'

// Marks: files by which processes show that they use the server, and by which they exclude each other.

/** Creates a mark: a file that is valid as long as this process lives, or until the process removes it. */
export async function leaveMark(folder: string, kind: 'user' | 'starter'): Promise<string> {
  const name = `${kind}-${process.pid}-${startOf(process.pid)}-${randomBytes(6).toString('hex')}`
  await fs.writeFile(join(folder, name), '', { flag: 'wx', mode: 0o600 })
  return join(folder, name)
}

/** Returns the marks of living processes, and removes those of dead ones. */
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
 * Runs a task while no other process runs one in this folder. Every process first creates a mark and then looks for
 * others: of two concurrent processes, the second one to create its mark sees the first, so they never both continue. A
 * process that sees another mark removes its own and tries again.
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

/** The start time of a living process in Linux clock ticks, because process ids are reused; '0' on other systems. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return undefined
  }
  const stat = readProc(pid, 'stat')
  // proc_pid_stat(5): the name in parentheses is followed by the state and, as the 22nd field, the start time.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields?.[0] === 'Z' ? undefined : (fields?.[19] ?? '0')
}

export function isPostgres(pid: number): boolean {
  if (startOf(pid) === undefined) return false
  const command = readProc(pid, 'cmdline')
  return command === undefined || basename(command.split('\0')[0] ?? '') === 'postgres'
}

/** Undefined if there is no such file, as on macOS. */
function readProc(pid: number, name: 'stat' | 'cmdline'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return undefined
  }
}
