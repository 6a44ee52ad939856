import { printCrockfordCode, readCrockfordCode } from '#domain/code/crockford-code.ts'
import { drawLookupCode, lookupHmacs } from '../codes/lookup-code.ts'
import { randomOctets, sha256 } from '../platform/crypto.ts'

/** What lets a cardholder say "this was not me" without signing in: the link of an e-mail, or the code of a text message. */
export interface ReportTokens {
  /** 32 hexadecimal digits, in the link's address. */
  readonly link: string
  /** As a text message shows it. */
  readonly code: string
  /** What is kept of each. */
  readonly digests: readonly Buffer[]
}

export async function drawReportTokens(): Promise<ReportTokens> {
  const link = randomOctets(16).toString('hex')
  const { code, hmac } = await drawLookupCode('report')
  return { link, code: printCrockfordCode(code), digests: [sha256(link), hmac] }
}

/** The stored forms of what the caller entered; empty where it is neither of a link nor a code. */
export async function reportDigests(given: string): Promise<readonly Buffer[]> {
  if (/^[0-9a-f]{32}$/.test(given)) return [sha256(given)]
  const code = readCrockfordCode(given)
  return code === undefined ? [] : lookupHmacs('report', code)
}
