import { vi } from 'vitest'

/**
 * Waits until a condition holds that a socket, a process or the database brings about, and answers its value. Long enough
 * for a machine with other work: `vi.waitUntil` gives up after one second.
 */
export function until<Value>(condition: () => Value | Promise<Value>, interval = 20) {
  return vi.waitUntil(condition, { timeout: 25_000, interval })
}
