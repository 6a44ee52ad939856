import { existsSync, readFileSync } from 'node:fs'
import { mode } from './demo-mode.ts'

/**
 * Milliseconds since the epoch. Nothing else reads the time. In the demo and in tests a file contains an offset, read
 * at each call (3 µs), so that every process has the same time and still has it after a restart.
 */
export function now(): number {
  const { clockFile } = mode()
  return clockFile === undefined ? Date.now() : Date.now() + offset(clockFile)
}

/** Milliseconds since this process started; the demo's offset does not affect them. */
export function uptime(): number {
  return performance.now()
}

function offset(file: string): number {
  // Usually there is no file, and this check costs a tenth of a failed read.
  if (!existsSync(file)) return 0
  try {
    const milliseconds = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(milliseconds) ? milliseconds : 0
  } catch {
    return 0
  }
}
