import { expect } from '@playwright/test'

/** Like `expect.poll`, but polls more often: conditions are mostly met within some tenths of a second. */
export function poll<Value>(look: () => Value | Promise<Value>, message?: string) {
  return expect.poll(look, { intervals: [50], ...(message && { message }) })
}
