import type { Found, HistoryAsked } from '#db/queries/cards.ts'
import { isObject } from '#domain/emv/check.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { AReqElements, Authentication, AuthenticationRisk } from '#domain/risk/history/event.ts'
import { networkOf } from '#domain/risk/history/network.ts'
import { keysOf } from '#domain/risk/history/rows.ts'
import { config } from '../../platform/config.ts'
import { subjectHmac } from '../../platform/limits.ts'

// An AReq as an event of the history. It has no address: the network and an app's device are HMACs.

/** What an AReq brings: a part of `Request`. */
interface AReq {
  readonly message: JsonObject
  readonly ids: { readonly acsTransID: string }
  readonly directoryServer: { readonly id: string }
  text(name: string): string | undefined
}

/** An AReq with its history. */
export interface History extends Omit<NonNullable<Found['history']>, 'device' | 'trusted'> {
  readonly event: Authentication
}

/** The event of an AReq before its card and device are known. Undefined if the deployment keeps no history. */
export async function draftEvent({ message, ids, directoryServer, text }: AReq, at: number) {
  if (!config().issuer.risk) return undefined
  const network = networkOf(text('browserIP') ?? text('appIp'))
  const app = text('deviceChannel') === '01' ? text('sdkAppID') : undefined
  return {
    kind: 'authentication',
    at,
    id: ids.acsTransID,
    card: undefined,
    cardholder: undefined,
    areq: elementsOf(message),
    directoryServer: directoryServer.id,
    network: network === undefined ? undefined : await reference('risk.network', network),
    device: app === undefined ? undefined : await reference('risk.app', app),
  } as const satisfies Authentication
}

/** 128 bits of an HMAC. */
async function reference(name: string, subject: string): Promise<string> {
  return (await subjectHmac(name, subject)).subarray(0, 16).toString('base64url')
}

export function historyAskedBy(draft: Authentication): HistoryAsked {
  const { merchant = null, network = null, device = null } = keysOf(draft)
  const { acquirerBIN = null, acquirerMerchantID = null } = draft.areq
  return { merchant, network, device, directoryServer: draft.directoryServer ?? '', acquirerBIN, acquirerMerchantID }
}

export function historyOf(draft: Authentication, { card, history }: Found): History | undefined {
  if (!history) return undefined
  const { device, trusted, ...rest } = history
  return { event: { ...draft, card: card?.id, cardholder: card?.cardholderId, device, trusted }, ...rest }
}

/** What is kept with the authentication, for the event of its end. */
export function storedRisk({ network, device }: Authentication): AuthenticationRisk {
  return { ...(network && { network }), ...(device && { device }) }
}

const names = [
  ...['deviceChannel', 'messageCategory', 'acquirerBIN', 'acquirerMerchantID', 'mcc', 'merchantCountryCode'],
  ...['purchaseAmount', 'purchaseCurrency', 'purchaseExponent', 'browserLanguage', 'browserTZ'],
  ...['threeDSRequestorAuthenticationInd', 'threeRIInd'],
]
const parts = {
  acctInfo: ['chAccAgeInd', 'chAccChangeInd', 'chAccPwChangeInd', 'shipAddressUsageInd', 'suspiciousAccActivity'],
  merchantRiskIndicator: ['shipIndicator', 'giftCardAmount'],
}

/** The elements that signals read, of a checked AReq or of those that are stored of it. */
export function elementsOf(message: JsonObject): AReqElements {
  const elements: Record<string, unknown> = textsIn(message, names)
  for (const [name, of] of Object.entries(parts)) {
    const part = message[name]
    if (isObject(part)) elements[name] = textsIn(part, of)
  }
  return elements as unknown as AReqElements
}

function textsIn(object: JsonObject, names: readonly string[]): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const name of names) {
    const value = object[name]
    if (typeof value === 'string') texts[name] = value
  }
  return texts
}
