import type { Refusal } from '#domain/contact/code-recipients.ts'
import type { DeviceChannel } from '#domain/emv/field.ts'
import type { Offer } from '#domain/registration/offer.ts'
import type { CardStanding } from './card-standing.ts'
import type { Evaluation } from './policy/evaluate.ts'

// The facts on which the decision about an AReq is based. server/authentication/signals.ts gathers them once; each
// deciding function names those that it reads.

/** Decide whether the request is eligible for risk evaluation (eligibility.ts). */
export interface EligibilitySignals {
  /** Undefined if the card is not ours. */
  readonly card: CardStanding | undefined
  readonly channel: DeviceChannel
  /** threeDSRequestorChallengeInd. 2.3.1 permits two values; an empty list means 01, no preference. */
  readonly challengeInds: readonly string[]
  /** App channel: what the device can show; undefined if apps of this directory server are not served. */
  readonly app?: AppScreens | undefined
  /** Only for channel 03. */
  readonly requestorInitiated?: RequestorInitiated | undefined
}

/** Decide whether the purchase needs the cardholder (evaluate.ts). */
export interface RiskSignals extends Pick<EligibilitySignals, 'challengeInds' | 'requestorInitiated'> {
  /** Minor units; undefined for a non-payment without an amount. */
  readonly amount: bigint | undefined
  readonly limits: Limits
  /** The requestor keeps the card, or a token for it, for later payments. */
  readonly addsCard: boolean
  /**
   * The AReq brings the assertion of a secure payment confirmation, and it is valid for this payment, or not. Undefined
   * if it brings none.
   */
  readonly spc?: 'given' | 'failed' | undefined
  /** What the 3DS Method shows about the browser; undefined if there is no result. */
  readonly device?: Device | undefined
  /** The purchase is a larger one (larger.ts). */
  readonly larger: boolean
  /** The cardholder's payments are restricted now (domain/contact/code-recipients.ts). */
  readonly restricted: boolean
  /** A "this was not me" report is open, so an earlier proof may not have come from the cardholder. */
  readonly reportOpen: boolean
  /** What the issuer's risk policy says; undefined without one, and for 3RI. */
  readonly policy?: Evaluation | undefined
}

/** Decide how the cardholder can be reached (reach.ts). */
export interface ReachSignals
  extends Pick<EligibilitySignals, 'channel' | 'challengeInds' | 'app'>,
    Pick<RiskSignals, 'restricted' | 'device'> {
  /** At least one contact is effective. */
  readonly hasContact: boolean
  /** Why no effective contact may receive a code for this purchase; undefined if one may. */
  readonly codeRefused?: Refusal | undefined
  /** Undefined if the requestor does not permit decoupled authentication. */
  readonly decoupled?: Decoupled | undefined
}

export interface Signals extends EligibilitySignals, RiskSignals, ReachSignals {
  /** The card range answers attempted (A) when the cardholder takes part but cannot be reached now. */
  readonly attempts: boolean
}

/** Signals that cost a query. They are loaded only when a rule reads them, which most purchases never need. */
export interface LazySignals {
  /** The cardholder trusts this merchant, and nothing has cast doubt on that since. */
  merchantTrusted(): Promise<boolean>
  /** The authentication that a 3RI request names was for this card and requestor, and was proved in a challenge. */
  provedBefore(): Promise<boolean>
  /** The cardholder has an account with a means of strong authentication. */
  canApproveInAccount(): Promise<boolean>
  /** The cardholder has a passkey or an approval device that may confirm this payment, in this channel. */
  canConfirmOnDevice(): Promise<boolean>
  /** Whether a cardholder without a contact may register one in the window of this purchase. */
  registration(): Promise<Offer>
}

/** The highest amounts without a challenge in the currency of the purchase, in minor units. */
export interface Limits {
  /** Undefined: a currency without a limit is always challenged. */
  readonly ordinary: bigint | undefined
  /** For a browser in which the cardholder succeeded before. */
  readonly onKnownDevice?: bigint | undefined
  /** For a merchant that the cardholder trusts. */
  readonly atTrustedMerchant?: bigint | undefined
}

/** Which of our screens the device of an app can show. */
interface AppScreens {
  readonly code: boolean
  /** The screen that leads to the account. */
  readonly account: boolean
}

export interface Decoupled {
  /**
   * Whether the issuer uses decoupled authentication never, only when nothing else is possible, or whenever permitted.
   */
  readonly offered: 'never' | 'when-needed' | 'preferred'
  /** The requestor waits long enough. */
  readonly enoughTime: boolean
}

/** An AReq of channel 03 (3RI): the requestor acts while the cardholder is not present. */
export interface RequestorInitiated {
  /** threeRIInd. */
  readonly ind: string
  /** The request is a non-payment, and the issuer keeps a list of trusted merchants that it may ask about. */
  readonly trustList: boolean
}

/**
 * - `known`: a browser in which this cardholder succeeded recently.
 * - `differs`: the browser that the 3DS Method saw is not the one that the AReq describes.
 */
export type Device = 'known' | 'differs'

interface SeenBrowser {
  /** Whether its user agent equals that in the AReq. */
  readonly sameUserAgent: boolean
  /** Minutes, in the format of browserTZ; null if no script ran. */
  readonly timeZone: string | null
  readonly known: boolean
}

/**
 * Compares the browser that the 3DS Method saw with the AReq, by properties that are always equal for the same browser.
 */
export function deviceOf(seen: SeenBrowser | undefined, browserTZ: string | undefined): Device | undefined {
  if (!seen) return undefined
  const otherZone = seen.timeZone !== null && browserTZ !== undefined && Number(seen.timeZone) !== Number(browserTZ)
  if (!seen.sameUserAgent || otherZone) return 'differs'
  return seen.known ? 'known' : undefined
}
