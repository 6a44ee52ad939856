import type { JsonObject } from './field.ts'
import type { MessageVersion } from './version.ts'

/**
 * Whether the cardholder trusts the merchant, EMV 3DS whiteListStatus and trustListStatus: Y or N; E not eligible,
 * because this issuer keeps no list; U unknown at the moment.
 */
export type TrustStatus = 'Y' | 'N' | 'E' | 'U'

export interface TrustElements {
  readonly whiteListStatus?: TrustStatus
  /** 03: the access control server. */
  readonly whiteListStatusSource?: '03'
  /** The same in 2.3.1. */
  readonly trustListStatus?: TrustStatus
  readonly trustListStatusSource?: '03'
}

/**
 * Whether a checked AReq asks about the trust list: threeDSRequestorChallengeInd 08 (use its exemption) or 09 (ask the
 * cardholder about it), threeRIInd 10 (ask whether the merchant is on it), or a status that the requestor sent. 2.1.0
 * has no trust list.
 */
export function asksAboutTrust(message: JsonObject, version: MessageVersion): boolean {
  if (version === '2.1.0') return false
  const sent = message.threeDSRequestorChallengeInd
  const wants = Array.isArray(sent) ? sent : [sent]
  const status = version === '2.3.1' ? message.trustListStatus : message.whiteListStatus
  return wants.includes('08') || wants.includes('09') || message.threeRIInd === '10' || status !== undefined
}

/** The elements of an ARes or RReq for a status; empty in 2.1.0. */
export function trustElements(version: MessageVersion, status: TrustStatus): TrustElements {
  if (version === '2.1.0') return {}
  return version === '2.3.1'
    ? { trustListStatus: status, trustListStatusSource: '03' }
    : { whiteListStatus: status, whiteListStatusSource: '03' }
}
