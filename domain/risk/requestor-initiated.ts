import type { CardSignals, Decision, PurchaseSignals } from './decide.ts'

/** What an AReq of the channel 03 (3RI) says besides: the requestor acts by itself, and nobody is there to be asked. */
export interface RequestorInitiated {
  /** threeRIInd. */
  readonly ind: string
  /** The earlier authentication that it names was this card's, the same requestor's, and the cardholder proved it in a challenge. */
  readonly proven: boolean
  /** It is no payment, and this issuer keeps a list of trusted merchants that it may ask about. */
  readonly trustList?: boolean
}

/** EMV 3DS threeRIInd: whether a card is good for what is kept about it: maintain card, account verification. */
const aboutTheCard = new Set(['04', '05'])
/**
 * Payments, or the start of them: recurring, instalment, add card, split or delayed shipment, top-up, mail order,
 * telephone order, other payment, billing agreement, delayed shipment and split payment (2.3.1).
 */
const payments = new Set(['01', '02', '03', '06', '07', '08', '09', '11', '12', '15', '16'])

/**
 * The answer to a request that the requestor makes without the cardholder, the card being good and not locked. Never C,
 * and never A; D where only the cardholder could settle it, and the requestor lets us ask apart from the shop. What asks
 * for things that are not kept here (device binding, security code, FIDO, most issuers' trust list) is refused as not
 * supported, and so are the directory server's own kinds.
 */
export function decideRequestorInitiated(
  { ind, proven, trustList }: RequestorInitiated,
  { amount, limit, decoupled }: Pick<PurchaseSignals, 'amount' | 'limit' | 'decoupled'>,
  { reachable, answersElsewhere, reported }: Pick<CardSignals, 'reachable' | 'answersElsewhere' | 'reported'>,
): Decision {
  if (aboutTheCard.has(ind) || (ind === '10' && trustList))
    return { kind: 'settle', ending: 'frictionless', reason: 'low-risk' }
  if (!payments.has(ind)) return { kind: 'settle', ending: '3ri-not-supported' }
  if (proven && !reported) return { kind: 'settle', ending: 'frictionless', reason: 'proven-before' }
  // A card is added without an amount, and yet opens the way to many payments.
  const small = !reported && ind !== '03' && (amount === undefined || (limit !== undefined && amount <= limit))
  if (small) return { kind: 'settle', ending: 'frictionless', reason: 'low-risk' }
  // Reason 23 says that asking apart from the shop would have helped; where it was asked for, we do it or say why not.
  if (!decoupled) return { kind: 'settle', ending: 'cardholder-needed' }
  if (decoupled.offered === 'never') return { kind: 'settle', ending: '3ri-not-supported' }
  if (!decoupled.enoughTime) return { kind: 'settle', ending: 'too-little-time' }
  if (!reachable || !answersElsewhere) return { kind: 'settle', ending: 'not-enrolled' }
  return { kind: 'decoupled', reason: 'cardholder-needed' }
}
