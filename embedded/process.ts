import { type SpawnOptions, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs/promises'

/** The account that runs PostgreSQL, which refuses to run as root. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Runs a program to its end. Never throws: a program that cannot be started has code -1. */
export function run(program: string, args: string[], account?: Account): Promise<{ code: number; output: string }> {
  // Nothing of our own environment, because PGPORT, PGDATA and others would change what PostgreSQL does.
  const env: NodeJS.ProcessEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', NODE_ENV: 'production' }
  // The account may not be able to enter our working folder.
  const options: SpawnOptions = { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] }
  return new Promise<{ code: number; output: string }>((resolve, reject) => {
    const child = spawn(program, args, account ? { ...options, uid: account.uid, gid: account.gid } : options)
    let output = ''
    const hear = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('close', code => resolve({ code: code ?? -1, output: output.trim() }))
  }).catch((error: Error) => ({ code: -1, output: error.message }))
}

export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' | ')
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

export async function exists(path: string): Promise<boolean> {
  return await fs.stat(path).then(
    () => true,
    () => false,
  )
}

/** Ignores the error when a file that two processes may create at once already exists. */
export function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
