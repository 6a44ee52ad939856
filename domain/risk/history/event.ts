import type { DeviceChannel, MessageCategory } from '#domain/emv/field.ts'
import type { Instant } from '#domain/kernel/instant.ts'

// What happens to cards, as far as a risk policy is concerned. Stored authentications and generated ones have this form.

/** The elements of an AReq that signals read, with their names and values in EMV 3DS 2.3.1, tables A.1 to A.10. */
export interface AReqElements {
  readonly deviceChannel: DeviceChannel
  readonly messageCategory: MessageCategory
  readonly acquirerBIN?: string | undefined
  readonly acquirerMerchantID?: string | undefined
  readonly mcc?: string | undefined
  readonly merchantCountryCode?: string | undefined
  readonly purchaseAmount?: string | undefined
  readonly purchaseCurrency?: string | undefined
  readonly purchaseExponent?: string | undefined
  readonly browserLanguage?: string | undefined
  readonly browserTZ?: string | undefined
  readonly threeDSRequestorAuthenticationInd?: string | undefined
  readonly threeRIInd?: string | undefined
  readonly acctInfo?:
    | {
        readonly chAccAgeInd?: string | undefined
        readonly chAccChangeInd?: string | undefined
        readonly chAccPwChangeInd?: string | undefined
        readonly shipAddressUsageInd?: string | undefined
        readonly suspiciousAccActivity?: string | undefined
      }
    | undefined
  readonly merchantRiskIndicator?:
    | {
        readonly shipIndicator?: string | undefined
        readonly giftCardAmount?: string | undefined
      }
    | undefined
}

/** An AReq, when it arrives. */
export interface Authentication {
  readonly kind: 'authentication'
  readonly at: Instant
  /** Unique; the acsTransID of a stored one. */
  readonly id: string
  /** Undefined: the card is not ours, and the answer is N/08. */
  readonly card: string | undefined
  readonly cardholder: string | undefined
  readonly areq: AReqElements
  /** The directory server that sent it, among whose merchants the merchant is. */
  readonly directoryServer?: string | undefined
  /** A reference to the network of browserIP or appIp, which does not reveal the address. Undefined without one. */
  readonly network?: string | undefined
  /** A reference to the browser or phone, from the 3DS Method or the SDK. Undefined if neither gave one. */
  readonly device?: string | undefined
  /** The cardholder had put the merchant on the trust list. */
  readonly trusted?: boolean | undefined
  /** How it was answered, if that was final. Undefined: it has an `Ended` of its own, or ended with nothing learned. */
  readonly result?: 'frictionless' | 'failed' | 'refused' | undefined
}

/** What is stored of the risk of an authentication, beside its elements. */
export interface AuthenticationRisk {
  /** The references of its `Authentication`. */
  readonly network?: string
  readonly device?: string
}

/** A contact of the cardholder became effective. */
export interface ContactChanged {
  readonly kind: 'contact-changed'
  readonly at: Instant
  readonly cardholder: string
}

/**
 * How an authentication ended, after it was counted: answered Y at once, by a challenge that the cardholder passed or
 * not, or refused.
 */
export interface Ended {
  readonly kind: 'ended'
  readonly at: Instant
  readonly authentication: Authentication
  readonly result: 'frictionless' | 'passed' | 'failed' | 'refused'
}

/** The cardholder reports "this was not me". */
export interface Reported {
  readonly kind: 'reported'
  readonly at: Instant
  readonly card: string
  readonly cardholder: string
}

export type RiskEvent = Authentication | ContactChanged | Ended | Reported
