import { printActivationCode, readActivationCode } from '#domain/account/activation-code.ts'
import { randomOctets, sha256 } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { drawCode } from './activation-codes.ts'

/** By what somebody says "this was not me" without signing in: the link of an e-mail, or the code of a text message. */
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
  const code = drawCode()
  const { tag } = await keys().mac('code', codeInput(code))
  return { link, code: printActivationCode(code), digests: [sha256(link), tag] }
}

/** What may be kept of what somebody brings; nothing, where it is neither a link's nor a code. */
export async function reportDigests(given: string): Promise<readonly Buffer[]> {
  if (/^[0-9a-f]{32}$/.test(given)) return [sha256(given)]
  const code = readActivationCode(given)
  return code === undefined ? [] : (await keys().macs('code', codeInput(code))).map(({ tag }) => tag)
}

/** A code has fewer bits than a link: whoever has the database alone cannot try them. */
function codeInput(code: string): string {
  return `report\0${code}`
}
