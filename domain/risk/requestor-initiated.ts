import type { Risk } from './rules.ts'
import type { LazySignals, RequestorInitiated, RiskSignals } from './signals.ts'

/** EMV 3DS threeRIInd of requests about the card itself: maintain card, account verification. */
const aboutTheCard = new Set(['04', '05'])
/**
 * threeRIInd of payments or of what begins them: recurring, instalment, add card, split or delayed shipment, top-up,
 * mail order, telephone order, other payment, billing agreement, delayed shipment and split payment (2.3.1).
 */
const payments = new Set(['01', '02', '03', '06', '07', '08', '09', '11', '12', '15', '16'])

/**
 * Whether a 3RI request is of a supported kind. Device binding, security code, FIDO, the trust list of most issuers and
 * the directory server's own kinds are not.
 */
export function isSupported(request: RequestorInitiated): boolean {
  return isQuestion(request) || payments.has(request.ind)
}

/** A request about the card or the trust list, which pays nothing. */
function isQuestion({ ind, trustList }: RequestorInitiated): boolean {
  return aboutTheCard.has(ind) || (ind === '10' && trustList)
}

/** Evaluates a supported 3RI request. */
export async function evaluateRequestorInitiated(
  request: RequestorInitiated,
  { amount, limits, larger, reportOpen }: Pick<RiskSignals, 'amount' | 'limits' | 'larger' | 'reportOpen'>,
  lazy: Pick<LazySignals, 'provedBefore'>,
): Promise<Risk> {
  if (isQuestion(request)) return { needsCardholder: false, rule: 'low-risk' }
  if (!(larger && reportOpen)) {
    if (await lazy.provedBefore()) return { needsCardholder: false, rule: 'proved-before' }
    // Adding a card (03) has no amount, but allows many payments later.
    const small = amount === undefined || (limits.ordinary !== undefined && amount <= limits.ordinary)
    if (small && request.ind !== '03') return { needsCardholder: false, rule: 'low-risk' }
  }
  return { needsCardholder: true, rules: ['cardholder-needed'], mandated: true, onDevice: false }
}
