import { readCrockfordCode } from '#domain/code/crockford-code.ts'

/** What stands in the address of a report's page: a link's 32 hexadecimal digits, or a text message's code; else `unknown`. */
export function reportToken(given: string): string {
  if (/^[0-9a-f]{32}$/.test(given)) return given
  return readCrockfordCode(given)?.toLowerCase() ?? 'unknown'
}
