import { expect } from '@playwright/test'

/** As `expect.poll`, looking often: what is waited for is mostly there within some tenths of a second. */
export function poll<Value>(look: () => Value | Promise<Value>, message?: string) {
  return expect.poll(look, { intervals: [50], ...(message && { message }) })
}
