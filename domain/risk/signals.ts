import type { Restriction } from '#domain/contact/code-recipients.ts'
import type { DeviceChannel } from '#domain/emv/field.ts'
import type { Standing } from './card-standing.ts'

// The facts that a decision about an AReq is made of. They are gathered once (server/authentication/signals.ts); each of the
// functions that decide names those that it reads.

/** Whether the request is to be weighed at all (eligibility.ts). */
export interface EligibilitySignals {
  /** Undefined: no card of ours. */
  readonly card: Standing | undefined
  readonly channel: DeviceChannel
  /** threeDSRequestorChallengeInd, of which 2.3.1 may have two; none is 01, no preference. */
  readonly challengeInds: readonly string[]
  /** App channel: what its device can show; undefined where this directory server's apps are not served. */
  readonly app?: AppScreens | undefined
  /** Channel 03 alone. */
  readonly requestorInitiated?: RequestorInitiated | undefined
}

/** Whether the purchase needs its cardholder (evaluate.ts). */
export interface RiskSignals extends Pick<EligibilitySignals, 'challengeInds' | 'requestorInitiated'> {
  /** Minor units; undefined where a non-payment has none. */
  readonly amount: bigint | undefined
  readonly limits: Limits
  /** What the 3DS Method says of the browser; undefined where it says nothing. */
  readonly device?: Device | undefined
  /** The purchase is a larger one (larger.ts). */
  readonly larger: boolean
  /** The cardholder's payments are restricted at the moment (domain/contact/code-recipients.ts). */
  readonly restricted: boolean
  /** A "this was not me" report is open: what was proved earlier may not have been by the cardholder. */
  readonly reportOpen: boolean
}

/** How its cardholder can be asked (reach.ts). */
export interface ReachSignals
  extends Pick<EligibilitySignals, 'channel' | 'challengeInds' | 'app'>,
    Pick<RiskSignals, 'restricted'> {
  /** A contact is effective. */
  readonly hasContact: boolean
  /** Why none of the effective contacts may receive a code for this purchase. */
  readonly codeRefused?: Restriction | undefined
  /** The requestor permits decoupled authentication; undefined: it does not. */
  readonly decoupled?: Decoupled | undefined
}

export interface Signals extends EligibilitySignals, RiskSignals, ReachSignals {
  /** The card's range answers an attempt (A) where its cardholder takes part but cannot be asked now. */
  readonly attempts: boolean
}

/** Signals that cost a query: loaded when a rule reads them, which for most purchases is never. */
export interface LazySignals {
  /** The cardholder trusts this merchant, and nothing has happened since that makes it doubtful. */
  merchantTrusted(): Promise<boolean>
  /** The authentication that a 3RI request names was this card's, for the same requestor, and proved in a challenge. */
  provedBefore(): Promise<boolean>
  /** The cardholder has an account, and a strong means of authentication there. */
  canApproveInAccount(): Promise<boolean>
}

/** Highest amounts without a challenge in the currency of the purchase, minor units. */
export interface Limits {
  /** Undefined: a currency without a limit is always challenged. */
  readonly ordinary: bigint | undefined
  /** In a browser in which the cardholder succeeded before. */
  readonly onKnownDevice?: bigint | undefined
  /** At a merchant that the cardholder trusts. */
  readonly atTrustedMerchant?: bigint | undefined
}

/** Which of our screens an app's device can show. */
interface AppScreens {
  readonly code: boolean
  /** The screen that leads to the account. */
  readonly account: boolean
}

export interface Decoupled {
  /** The issuer uses decoupled authentication never, where nothing else is left, or whenever it may. */
  readonly offered: 'never' | 'when-needed' | 'preferred'
  /** The requestor waits for long enough. */
  readonly enoughTime: boolean
}

/** An AReq of channel 03 (3RI): the requestor acts without the cardholder being present. */
export interface RequestorInitiated {
  /** threeRIInd. */
  readonly ind: string
  /** It is no payment, and this issuer keeps a list of trusted merchants that it may ask about. */
  readonly trustList: boolean
}

/**
 * - `known`: a browser in which this cardholder succeeded not long ago.
 * - `differs`: the browser that the 3DS Method saw is not the one that the AReq describes.
 */
export type Device = 'known' | 'differs'

interface SeenBrowser {
  /** Whether its user agent is the AReq's. */
  readonly sameUserAgent: boolean
  /** Minutes, as browserTZ has them; null where no script ran. */
  readonly timeZone: string | null
  readonly known: boolean
}

/** Compares what the 3DS Method saw with the AReq, by what cannot differ between two honest looks at one browser. */
export function deviceOf(seen: SeenBrowser | undefined, browserTZ: string | undefined): Device | undefined {
  if (!seen) return undefined
  const otherZone = seen.timeZone !== null && browserTZ !== undefined && Number(seen.timeZone) !== Number(browserTZ)
  if (!seen.sameUserAgent || otherZone) return 'differs'
  return seen.known ? 'known' : undefined
}
