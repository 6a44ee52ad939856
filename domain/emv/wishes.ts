import { isObject } from './check.ts'
import { parseEncodedMessage } from './codec.ts'
import type { JsonObject } from './field.ts'
import type { MessageVersion } from './version.ts'

/** What every ARes says about things that the AReq asked for besides an authentication. */
export interface Wishes {
  /** E: not eligible, for this issuer keeps no list of trusted merchants; 03: says the access control server. */
  readonly whiteListStatus?: 'E'
  readonly whiteListStatusSource?: '03'
  /** The same in 2.3.1. */
  readonly trustListStatus?: 'E'
  readonly trustListStatusSource?: '03'
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
    ...(asksForTrustList(message) && notEligible(version)),
    ...(['Y', 'B'].includes(String(message.threeDSRequestorDecReqInd)) && { acsDecConInd: 'N' as const }),
    ...(version === '2.3.1' &&
      message.deviceChannel === '01' && {
        threeDSRequestorAppURLInd: 'N' as const,
        deviceInfoRecognisedVersion: versionOf(String(message.deviceInfo)),
      }),
  }
}

/** threeDSRequestorChallengeInd 08: use the list's exemption, 09: ask about it; threeRIInd 10: is the merchant on it? */
function asksForTrustList(message: JsonObject): boolean {
  const challenge = [message.threeDSRequestorChallengeInd].flat()
  const status = message.whiteListStatus ?? message.trustListStatus
  return challenge.includes('08') || challenge.includes('09') || message.threeRIInd === '10' || status !== undefined
}

function notEligible(version: MessageVersion): Wishes {
  return version === '2.3.1'
    ? { trustListStatus: 'E', trustListStatusSource: '03' }
    : { whiteListStatus: 'E', whiteListStatusSource: '03' }
}

/** DV of the device information; the first version where it says none. */
function versionOf(deviceInfo: string): string {
  const parsed = parseEncodedMessage(deviceInfo)
  const told = parsed.kind === 'message' && isObject(parsed.message) ? parsed.message.DV : undefined
  return typeof told === 'string' && /^[0-9]\.[0-9]{1,2}$/.test(told) ? told : '1.0'
}
