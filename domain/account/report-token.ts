import { readCrockfordCode } from '#domain/code/crockford-code.ts'

/**
 * The token in the address of a report's page: the 32 hexadecimal digits of a link, or the code of a text message;
 * otherwise `unknown`.
 */
export function reportToken(given: string): string {
  if (/^[0-9a-f]{32}$/.test(given)) return given
  return readCrockfordCode(given)?.toLowerCase() ?? 'unknown'
}
