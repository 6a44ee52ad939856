import { existsSync, readFileSync } from 'node:fs'
import { mode } from './demo-mode.ts'

/**
 * Milliseconds since the epoch: the one place that reads the time. In the demo and in tests a file moves it, read at
 * each call (3 µs), so that every process has the same time and a killed one finds it again.
 */
export function now(): number {
  const { clockFile } = mode()
  return clockFile === undefined ? Date.now() : Date.now() + offset(clockFile)
}

/** Milliseconds since this process started; the demo's clock does not move them. */
export function uptime(): number {
  return performance.now()
}

function offset(file: string): number {
  // Usually the clock was not moved: asking costs a tenth of failing.
  if (!existsSync(file)) return 0
  try {
    const milliseconds = Number(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(milliseconds) ? milliseconds : 0
  } catch {
    return 0
  }
}
