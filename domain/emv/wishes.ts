import { isObject } from './check.ts'
import { parseEncodedMessage } from './codec.ts'
import type { JsonObject } from './field.ts'
import type { MessageVersion } from './version.ts'

/**
 * Whether the cardholder trusts the merchant, EMV 3DS whiteListStatus and trustListStatus: Y and N; E not eligible, for this
 * issuer keeps no list; U it cannot be said now.
 */
export type TrustStatus = 'Y' | 'N' | 'E' | 'U'

export interface TrustElements {
  readonly whiteListStatus?: TrustStatus
  /** 03: says the access control server. */
  readonly whiteListStatusSource?: '03'
  /** The same in 2.3.1. */
  readonly trustListStatus?: TrustStatus
  readonly trustListStatusSource?: '03'
}

/** What every ARes says about things that the AReq asked for besides an authentication. */
export interface Wishes {
  /** Whether the cardholder will be asked later, outside of the purchase: N, unless the ARes says D. */
  readonly acsDecConInd?: 'Y' | 'N'
  /** 2.3.1, app: no app of ours opens the merchant's. */
  readonly threeDSRequestorAppURLInd?: 'N'
  /** 2.3.1, app: the version of the device information that was read. */
  readonly deviceInfoRecognisedVersion?: string
}

/** EMV 3DS table B.2, the conditions of these elements; of a checked AReq. */
export function wishesOf(message: JsonObject, version: MessageVersion): Wishes {
  if (version === '2.1.0') return {}
  return {
    ...(['Y', 'B'].includes(String(message.threeDSRequestorDecReqInd)) && { acsDecConInd: 'N' as const }),
    ...(version === '2.3.1' &&
      message.deviceChannel === '01' && {
        threeDSRequestorAppURLInd: 'N' as const,
        deviceInfoRecognisedVersion: versionOf(String(message.deviceInfo)),
      }),
  }
}

/**
 * Whether a checked AReq asks about the trust list: threeDSRequestorChallengeInd 08, use its exemption, or 09, ask the
 * cardholder about it; threeRIInd 10, is the merchant on it?; or a status of the requestor's own. 2.1.0 knows no such list.
 */
export function asksAboutTrust(message: JsonObject, version: MessageVersion): boolean {
  if (version === '2.1.0') return false
  const wants = message.threeDSRequestorChallengeInd
  const asks = (ind: string) => (Array.isArray(wants) ? wants.includes(ind) : wants === ind)
  const status = version === '2.3.1' ? message.trustListStatus : message.whiteListStatus
  return asks('08') || asks('09') || message.threeRIInd === '10' || status !== undefined
}

/** The status as an ARes or an RReq has it; nothing in 2.1.0. */
export function trustElements(version: MessageVersion, status: TrustStatus): TrustElements {
  if (version === '2.1.0') return {}
  return version === '2.3.1'
    ? { trustListStatus: status, trustListStatusSource: '03' }
    : { whiteListStatus: status, whiteListStatusSource: '03' }
}

/** DV of the device information; the first version where it says none. */
function versionOf(deviceInfo: string): string {
  const parsed = parseEncodedMessage(deviceInfo)
  const told = parsed.kind === 'message' && isObject(parsed.message) ? parsed.message.DV : undefined
  return typeof told === 'string' && /^[0-9]\.[0-9]{1,2}$/.test(told) ? told : '1.0'
}
