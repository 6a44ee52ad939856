import { printCrockfordCode, readCrockfordCode } from '#domain/code/crockford-code.ts'
import { drawLookupCode, lookupHmacs } from '../codes/lookup-code.ts'
import { randomOctets, sha256 } from '../platform/crypto.ts'

/**
 * The secrets by which a cardholder can say "this was not me" without signing in: the link of an e-mail, or the code of
 * a text message.
 */
export interface ReportTokens {
  /** 32 hexadecimal digits, part of the link's address. */
  readonly link: string
  /** As the text message prints it. */
  readonly code: string
  /** The stored form of each: the link's digest and the code's HMAC. */
  readonly digests: readonly Buffer[]
}

export async function drawReportTokens(): Promise<ReportTokens> {
  const link = randomOctets(16).toString('hex')
  const { code, hmac } = await drawLookupCode('report')
  return { link, code: printCrockfordCode(code), digests: [sha256(link), hmac] }
}

/** The stored forms that match the caller's input; empty if it is neither a link nor a code. */
export async function reportDigests(given: string): Promise<readonly Buffer[]> {
  if (/^[0-9a-f]{32}$/.test(given)) return [sha256(given)]
  const code = readCrockfordCode(given)
  return code === undefined ? [] : lookupHmacs('report', code)
}
