import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Deployment, productArguments } from './deployment.ts'

export type Role = 'web' | 'ds' | 'worker'

/** A server with its child processes. */
export interface Product {
  /**
   * Processor time that its processes have used so far, user and system, milliseconds (in steps of 10 ms, Linux's
   * resolution).
   */
  cpu(): number
  stop(): Promise<void>
}

/** Starts roles of the product and waits until they answer. Its log goes to a file, as it would in production. */
export async function startProduct({ env, folder, ports }: Deployment, roles: readonly Role[]): Promise<Product> {
  const logFile = join(folder, 'product.log')
  const log = openSync(logFile, 'a')
  const args = [...productArguments, 'server/main.ts', ...roles.map(role => `--role=${role}`)]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', log, log] })
  closeSync(log)
  const listening = roles.filter(role => role !== 'worker')
  const probes = listening.map(role => `http://localhost:${ports[role]}/health/ready`)
  return productOf(child, probes, logFile)
}

/** A started server, as soon as all probes are answered with 2xx. */
export async function productOf(child: ChildProcess, probes: readonly string[], logFile: string): Promise<Product> {
  for (const probe of probes) await ready(probe, child, logFile)
  const stop = async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { cpu: () => cpuOfFamily(child.pid ?? 0), stop }
}

/** Throws with the end of the log if the product exits. */
async function ready(url: string, child: ChildProcess, logFile: string): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await pause(50)
  }
  throw new Error(`The product did not start: ${readFileSync(logFile, 'utf8').slice(-2000)}`)
}

/** Milliseconds: Linux measures processor time in hundredths of a second. */
const tick = 10

/** Processor time of a process and its living descendants, milliseconds. */
function cpuOfFamily(pid: number): number {
  const processes = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => statOf(Number(name)) ?? [])
  const family = new Set([pid])
  // Children may have lower process ids than their parents, so this repeats until no new process is found.
  for (let size = 0; size < family.size; ) {
    size = family.size
    for (const { id, parent } of processes) if (family.has(parent)) family.add(id)
  }
  return processes.filter(({ id }) => family.has(id)).reduce((sum, { cpu }) => sum + cpu, 0)
}

function statOf(id: number): { id: number; parent: number; cpu: number } | undefined {
  try {
    // proc_pid_stat(5): after the name in parentheses come state, parent, … and as 14th and 15th fields utime and
    // stime.
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { id, parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) * tick }
  } catch {
    return undefined // It ended after the folder was listed.
  }
}
