import type { Watched } from '#domain/contact/routes.ts'
import type { DeviceChannel } from '#domain/emv/field.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { decideRequestorInitiated, type RequestorInitiated } from './requestor-initiated.ts'

export type CardStatus = 'active' | 'stolen' | 'closed'

/** How a card stands. Times in milliseconds since the epoch. */
export interface Standing {
  readonly status: CardStatus
  /** First instant at which the card is no longer valid. */
  readonly expiresAt: number
  readonly lockedUntil: number | undefined
}

export type Barred = Extract<Ending, 'card-stolen' | 'card-closed' | 'card-expired' | 'locked'>

/** What we know about the card when the AReq comes. */
export interface CardSignals extends Standing {
  /** A contact is in force. */
  readonly reachable: boolean
  /** This purchase is a larger one while payments are watched (domain/contact/routes.ts): asked about whatever the limits say. */
  readonly watched?: boolean
  /** … and no contact in force is good enough for its code. */
  readonly refused?: Watched | undefined
  /** This purchase is a larger one, and a report is open: what was proven earlier may not have been by its owner. */
  readonly reported?: boolean
  /** There is an account to answer in, with a way to show something strong there. Asked where it matters. */
  readonly answersElsewhere?: boolean
}

export interface PurchaseSignals {
  readonly channel: DeviceChannel
  /** threeDSRequestorChallengeInd, of which 2.3.1 may have two; none counts as 01, no preference. */
  readonly challengeInds: readonly string[]
  /** Minor units; absent where a non-payment has none. */
  readonly amount: bigint | undefined
  /** App channel: whether this directory server's apps are served, and whether the device can show one of our screens; or that alone which leads to the account. */
  readonly app?: { readonly served: boolean; readonly showable: boolean; readonly showsAccount?: boolean }
  /** threeDSRequestorDecReqInd: the requestor lets the cardholder be asked apart from the shop; absent: it does not. */
  readonly decoupled?: Decoupled | undefined
  /** Channel 03. */
  readonly requestorInitiated?: RequestorInitiated
  /** Highest amount without a challenge in this currency, minor units; absent: a currency without a limit is challenged. */
  readonly limit: bigint | undefined
  /** The card's range answers an attempt (A) where its holder takes part but cannot be asked now. */
  readonly attempts?: boolean
  /** What the 3DS Method says of the browser; undefined where it says nothing. */
  readonly device?: Device | undefined
  /** As `limit`, in a browser in which the cardholder succeeded before. */
  readonly limitOnKnownDevice?: bigint | undefined
  /** The cardholder trusts this shop, and nothing has happened since that makes their word doubtful. Asked where it matters. */
  readonly trusted?: boolean
  /** As `limit`, in a shop that the cardholder trusts. */
  readonly limitAtTrustedMerchant?: bigint | undefined
}

export interface Decoupled {
  /** The issuer asks apart from the shop never, where nothing else is left, or whenever it may. */
  readonly offered: 'never' | 'when-needed' | 'preferred'
  /** The requestor waits for longer than anybody needs to answer. */
  readonly enoughTime: boolean
}

/**
 * - `known`: a browser in which this card's holder has succeeded not long ago.
 * - `differs`: the browser that was with us is not the one that the AReq describes.
 */
export type Device = 'known' | 'differs'

interface SeenBrowser {
  /** Whether its user agent is the AReq's. */
  readonly sameUserAgent: boolean
  /** Minutes, as browserTZ has them; null where no script ran. */
  readonly timeZone: string | null
  readonly known: boolean
}

/** What a browser that the 3DS Method has seen means for an AReq. Only what two honest looks at one browser cannot differ in. */
export function deviceOf(seen: SeenBrowser | undefined, browserTZ: string | undefined): Device | undefined {
  if (!seen) return undefined
  const otherZone = seen.timeZone !== null && browserTZ !== undefined && Number(seen.timeZone) !== Number(browserTZ)
  if (!seen.sameUserAgent || otherZone) return 'differs'
  return seen.known ? 'known' : undefined
}

type Reason =
  | 'cardholder-needed'
  | 'requestor-asked'
  | 'amount'
  | 'device-differs'
  | 'watched'
  | 'low-risk'
  | 'trusted-merchant'
  | 'data-only'
  | 'proven-before'

export type Decision =
  | { readonly kind: 'settle'; readonly ending: Ending; readonly reason?: Reason }
  | {
      readonly kind: 'challenge'
      readonly reason: Reason /** The issuer insists, whatever the merchant prefers. */
      readonly mandated: boolean
    }
  /** The cardholder is asked apart from the shop. */
  | { readonly kind: 'decoupled'; readonly reason: Reason }

/**
 * 03 and 04: challenge preferred or mandated; 09 and 12: challenge with a question about the trust list or the device;
 * 13: challenge that the issuer asked for.
 */
const asksForChallenge = new Set(['03', '04', '09', '12', '13'])
/** No challenge wanted; 05: for the requestor has weighed the risk itself. */
const wantsNoChallenge = new Set(['02', '05'])

/** The issuer's answer to a well-formed AReq. The first rule that fits decides. */
export function decide(card: CardSignals | undefined, purchase: PurchaseSignals, now: number): Decision {
  if (!card) return settle('card-unknown')
  const invalid = invalidity(card, now)
  if (invalid) return settle(invalid)
  if (purchase.channel === '01' && !purchase.app?.served) return settle('channel-not-supported')
  // 06, data share only: the requestor wants no answer but a receipt, and must never be challenged.
  if (purchase.challengeInds.includes('06')) return { kind: 'settle', ending: 'information-only', reason: 'data-only' }
  if (isLocked(card, now)) return settle('locked')
  if (purchase.channel === '03') {
    const { requestorInitiated } = purchase
    return requestorInitiated
      ? decideRequestorInitiated(requestorInitiated, purchase, card)
      : settle('3ri-not-supported')
  }

  const limit = limitFor(purchase)
  const overLimit = purchase.amount !== undefined && (limit === undefined || purchase.amount > limit)
  const asked = purchase.challengeInds.some(each => asksForChallenge.has(each))
  const differs = purchase.device === 'differs'
  // 02 and 05 (no challenge requested) need no rule of their own: below the limit nothing else asks for one.
  const watched = card.watched === true
  if (!overLimit && !asked && !differs && !watched)
    return { kind: 'settle', ending: 'frictionless', reason: 'low-risk' }
  if (!asked && !differs && !watched && isTrusted(purchase))
    return { kind: 'settle', ending: 'frictionless', reason: 'trusted-merchant' }
  if (!card.reachable) return settle(card.refused ?? (purchase.attempts && !differs ? 'attempted' : 'no-contact'))
  const reason = overLimit ? 'amount' : asked ? 'requestor-asked' : differs ? 'device-differs' : 'watched'
  const showable = purchase.channel !== '01' || isShowable(card, purchase)
  const elsewhere = card.refused !== undefined || betterElsewhere(purchase, showable)
  if (elsewhere && mayAskElsewhere(card, purchase)) return { kind: 'decoupled', reason }
  if (card.refused) return settle(card.refused)
  if (!showable) return settle('channel-not-supported')
  return { kind: 'challenge', reason, mandated: overLimit || differs || watched }
}

function isShowable({ answersElsewhere }: CardSignals, { app }: PurchaseSignals): boolean {
  return app?.showable === true || (app?.showsAccount === true && answersElsewhere === true)
}

function mayAskElsewhere({ answersElsewhere }: CardSignals, { decoupled }: PurchaseSignals): boolean {
  return answersElsewhere === true && decoupled !== undefined && decoupled.offered !== 'never' && decoupled.enoughTime
}

/** Where the device cannot show a challenge, the requestor wants none, or the issuer would rather not ask in a shop. */
function betterElsewhere({ decoupled, challengeInds }: PurchaseSignals, showable: boolean): boolean {
  return !showable || decoupled?.offered === 'preferred' || challengeInds.some(each => wantsNoChallenge.has(each))
}

/** A known browser never makes a limit lower, nor gives one to a currency without. */
function limitFor({ limit, limitOnKnownDevice, device }: PurchaseSignals): bigint | undefined {
  const raised = device === 'known' && limit !== undefined && limitOnKnownDevice !== undefined
  return raised && limitOnKnownDevice > limit ? limitOnKnownDevice : limit
}

/** Trust makes up for the amount alone; like a known browser, it gives no limit to a currency without. */
function isTrusted({ trusted, amount, limit, limitAtTrustedMerchant }: PurchaseSignals): boolean {
  if (!trusted || amount === undefined || limit === undefined || limitAtTrustedMerchant === undefined) return false
  return amount <= limitAtTrustedMerchant
}

/** Why a card may not be authenticated any more, asked when the AReq comes and again when a code is to be compared. */
export function barredBy(card: Standing, now: number): Barred | undefined {
  return invalidity(card, now) ?? (isLocked(card, now) ? 'locked' : undefined)
}

function invalidity({ status, expiresAt }: Standing, now: number): Barred | undefined {
  if (status === 'stolen') return 'card-stolen'
  if (status === 'closed') return 'card-closed'
  return now >= expiresAt ? 'card-expired' : undefined
}

function isLocked({ lockedUntil }: Standing, now: number): boolean {
  return lockedUntil !== undefined && now < lockedUntil
}

function settle(ending: Ending): Decision {
  return { kind: 'settle', ending }
}
