import { vi } from 'vitest'

/**
 * Waits for a condition that depends on a socket, a process or the database, and returns its value. It waits long
 * enough for a busy machine: `vi.waitUntil` gives up after one second.
 */
export function until<Value>(condition: () => Value | Promise<Value>, interval = 20, timeout = 25_000) {
  return vi.waitUntil(condition, { timeout, interval })
}
