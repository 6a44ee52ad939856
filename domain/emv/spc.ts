import { currencyCode } from '#domain/kernel/iso.ts'
import { isObject } from './check.ts'
import type { Json, JsonObject } from './field.ts'
import type { MessageVersion } from './version.ts'

// Secure payment confirmation (SPC), EMV 3DS 2.3.1.1, 3.5.1: the merchant's page has the browser show the payment and
// sign it with a passkey of ours, and a second AReq brings the signature.

/** EMV 3DS table A.28: what the merchant's page passes to the browser's SPC API, and may not change [Req 450]. */
export type SpcTransData = {
  /** Base64url. */
  readonly challenge: string
  /** ISO 4217 letters. */
  readonly currency: string
  /** Decimal: `12800`, `25.00`. */
  readonly value: string
  /** The card, as the browser names it. */
  readonly displayName: string
  /** https address or data URL of its picture. */
  readonly icon: string
  /** Milliseconds. */
  readonly timeout: string
  /** merchantName of the AReq, which a non-payment may lack. */
  readonly payeeName?: string
  readonly payeeOrigin: string
}

/** EMV 3DS table A.1, webAuthnCredList: one passkey. The element's name is a plural, its value one id. */
type WebAuthnCredential = {
  readonly rpID: string
  /** Base64url, 16 to 1000 characters. */
  readonly credentialIds: string
}

/** webAuthnCredList has at most this many. */
export const mostCredentials = 10

/** What the ARes with transStatus S carries. */
export interface SpcRequest {
  readonly spcTransData: SpcTransData
  readonly webAuthnCredList: WebAuthnCredential[]
}

/** The rule of table A.1 for a credential's id. */
export function isListable(credentialId: string): boolean {
  return credentialId.length >= 16 && credentialId.length <= 1000
}

/**
 * How long the browser may wait for the cardholder: less than the nine minutes after which the 3DS Server gives up
 * [Req 454], and within what the table permits.
 */
const timeout = '300000'
/** A non-payment has no amount; table A.1 asks for 0 in any valid currency. */
const noCurrency = 'JPY'

/** The data for the browser, from a checked AReq. */
export function spcTransData(
  areq: JsonObject,
  card: Pick<SpcTransData, 'displayName' | 'icon'>,
  challenge: string,
): SpcTransData {
  const text = (name: string) => (typeof areq[name] === 'string' ? areq[name] : undefined)
  const isPayment = text('messageCategory') === '01'
  const [amount, currency, exponent] = [text('purchaseAmount'), text('purchaseCurrency'), text('purchaseExponent')]
  const priced = isPayment && amount !== undefined && currency !== undefined && exponent !== undefined
  const payeeName = text('merchantName')
  return {
    challenge,
    currency: (priced && currencyCode(currency)) || noCurrency,
    value: priced ? decimal(amount, Number(exponent)) : '0',
    ...card,
    timeout,
    ...(payeeName !== undefined && { payeeName }),
    payeeOrigin: text('payeeOrigin') ?? '',
  }
}

/** `1280`, 2 → `12.80`. Without leading zeros, as PaymentCurrencyAmount has it. */
function decimal(amount: string, exponent: number): string {
  const digits = amount.replace(/^0+(?=.)/, '').padStart(exponent + 1, '0')
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** Whether the requestor can have a payment confirmed so [Req 449]. It cannot twice for one purchase. */
export function supportsSpc(areq: JsonObject, version: MessageVersion): boolean {
  return (
    version === '2.3.1' &&
    areq.deviceChannel === '02' &&
    areq.threeDSRequestorSpcSupport === 'Y' &&
    !secondAReq(areq, version)
  )
}

/** What the second AReq says [Req 444, 455]. */
export interface SecondAReq {
  /** acsTransID of the first ARes; undefined if the AReq names none, or several. */
  readonly priorRef: string | undefined
  /** What the SPC API returned, as JSON; undefined if the confirmation was not completed. */
  readonly assertion: string | undefined
  /** Why the confirmation was not completed: it did not run, was cancelled, or timed out. */
  readonly incompletion: string | undefined
  /** The directory server checked the assertion too, and refused it [Req 451]. */
  readonly refusedByDirectoryServer: boolean
}

/** Reads a second AReq of a secure payment confirmation; undefined for any other AReq. */
export function secondAReq(areq: JsonObject, version: MessageVersion): SecondAReq | undefined {
  if (version !== '2.3.1' || areq.deviceChannel !== '02') return undefined
  const bySpc = objectsOf(areq.threeDSRequestorAuthenticationInfo).filter(info => info.threeDSReqAuthMethod === '09')
  const prior = objectsOf(areq.threeDSRequestorPriorAuthenticationInfo).filter(
    info => info.threeDSReqPriorAuthMethod === '05',
  )
  const incompletion = typeof areq.spcIncompInd === 'string' ? areq.spcIncompInd : undefined
  if (bySpc.length === 0 && prior.length === 0 && incompletion === undefined) return undefined
  const [named, ...others] = prior.map(({ threeDSReqPriorRef: ref }) => ref).filter(ref => typeof ref === 'string')
  const data = bySpc.length === 1 ? bySpc[0]?.threeDSReqAuthData : undefined
  return {
    priorRef: others.length === 0 && named !== undefined && isUuid(named) ? named.toLowerCase() : undefined,
    // "The Assertion Data is provided as a JSON object" (table A.12), in an element that may also be text.
    assertion: typeof data === 'string' ? data : data === undefined ? undefined : JSON.stringify(data),
    incompletion,
    refusedByDirectoryServer: bySpc.some(({ dsAuthInfVerifInd }) => dsAuthInfVerifInd === '02'),
  }
}

function objectsOf(value: Json | undefined): JsonObject[] {
  return (Array.isArray(value) ? value : []).filter(isObject)
}

function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
}

/**
 * What must be the same in both AReqs, "gathered" once by the requestor [Req 87, 88, 444]. The times and ids of a
 * message are its own.
 */
const gatheredOnce = [
  'messageVersion',
  'deviceChannel',
  'messageCategory',
  'threeDSRequestorID',
  'threeDSRequestorName',
  'threeDSRequestorURL',
  'threeDSRequestorAuthenticationInd',
  'acquirerBIN',
  'acquirerMerchantID',
  'mcc',
  'merchantCountryCode',
  'merchantName',
  'payeeOrigin',
  'purchaseAmount',
  'purchaseCurrency',
  'purchaseExponent',
] as const

/** The first element in which two AReqs of one payment differ; undefined if they agree. */
export function differenceOf(first: JsonObject, second: JsonObject): string | undefined {
  return gatheredOnce.find(name => first[name] !== second[name])
}

/** The origins that may have called the SPC API: those of the requestor, by its AReq. */
export function originsOf(areq: JsonObject): readonly string[] {
  const addresses = [areq.payeeOrigin, areq.threeDSRequestorURL, areq.notificationURL]
  return [...new Set(addresses.filter(each => typeof each === 'string').flatMap(each => originOf(each) ?? []))]
}

/** The member of the browser's statement that is wrong. */
export type PaymentFault = 'payment' | 'rpId' | 'topOrigin' | 'payeeName' | 'payeeOrigin' | 'total' | 'instrument'

/**
 * Compares what the browser showed and signed with what it was to show (Secure Payment Confirmation, 9.1, after step 13
 * of WebAuthn). Returns the first member that is wrong. Members that we do not know change nothing.
 */
export function paymentFault(
  payment: unknown,
  asked: SpcTransData,
  { rpID, origins }: { readonly rpID: string; readonly origins: readonly string[] },
): PaymentFault | undefined {
  if (!isObject(payment)) return 'payment'
  const { total, instrument } = payment
  // Browsers before the candidate recommendation called it `rp`.
  if ((payment.rpId ?? payment.rp) !== rpID) return 'rpId'
  if (typeof payment.topOrigin !== 'string' || !origins.includes(payment.topOrigin)) return 'topOrigin'
  if (payment.payeeName !== asked.payeeName) return 'payeeName'
  if (typeof payment.payeeOrigin !== 'string' || originOf(payment.payeeOrigin) !== originOf(asked.payeeOrigin))
    return 'payeeOrigin'
  if (!isObject(total) || total.currency !== asked.currency || total.value !== asked.value) return 'total'
  if (!isObject(instrument) || instrument.displayName !== asked.displayName) return 'instrument'
  if (typeof instrument.icon !== 'string' || addressOf(instrument.icon) !== addressOf(asked.icon)) return 'instrument'
  return undefined
}

function originOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined
}

/** As a browser writes an address. */
function addressOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).href : undefined
}
