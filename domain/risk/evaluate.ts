import { evaluateRequestorInitiated } from './requestor-initiated.ts'
import type { AskingRule, Risk } from './rules.ts'
import type { LazySignals, Limits, RiskSignals } from './signals.ts'

/**
 * 03 and 04: challenge preferred or mandated; 09 and 12: challenge with a question about the trust list or the device;
 * 13: challenge requested by the issuer.
 */
const asksForChallenge = new Set(['03', '04', '09', '12', '13'])

interface Rule {
  readonly id: AskingRule
  readonly mandates: boolean
  applies(signals: RiskSignals): boolean
}

/**
 * In the order in which they are reported. 02 and 05 (no challenge requested) need no rule, because a purchase below
 * the limit is not challenged anyway.
 */
const askingRules: readonly Rule[] = [
  // Whatever is wrong with the assertion, another method shows whether it is the cardholder.
  { id: 'not-confirmed', mandates: true, applies: ({ spc }) => spc === 'failed' },
  { id: 'amount', mandates: true, applies: isOverLimit },
  // It has no amount, but allows many payments later; as in 3RI, only the cardholder may do so.
  { id: 'adds-card', mandates: true, applies: ({ addsCard }) => addsCard },
  {
    id: 'requestor-asked',
    mandates: false,
    applies: ({ challengeInds }) => challengeInds.some(each => asksForChallenge.has(each)),
  },
  { id: 'device-differs', mandates: true, applies: ({ device }) => device === 'differs' },
  { id: 'restricted', mandates: true, applies: ({ larger, restricted }) => larger && restricted },
  // It only adds to the rules above: what it lets pass, they may still ask about.
  { id: 'policy', mandates: true, applies: ({ policy }) => policy !== undefined && policy.outcome !== 'frictionless' },
]

/** Evaluates the risk of an eligible request. */
export async function evaluate(
  signals: RiskSignals,
  lazy: Pick<LazySignals, 'merchantTrusted' | 'provedBefore'>,
): Promise<Risk> {
  const { requestorInitiated } = signals
  if (requestorInitiated) return evaluateRequestorInitiated(requestorInitiated, signals, lazy)
  const applying = askingRules.filter(rule => rule.applies(signals))
  const [first, ...others] = applying.map(({ id }) => id)
  if (!first) return { needsCardholder: false, rule: 'low-risk' }
  // Trust only outweighs the amount, not the other rules.
  if (first === 'amount' && others.length === 0 && isWithinTrust(signals) && (await lazy.merchantTrusted()))
    return { needsCardholder: false, rule: 'trusted-merchant' }
  const mandated = applying.some(({ mandates }) => mandates)
  const onDevice = signals.policy?.outcome === 'challenge-on-device'
  return { needsCardholder: true, rules: [first, ...others], mandated, onDevice }
}

function isOverLimit({ amount, limits, device }: RiskSignals): boolean {
  const limit = device === 'known' ? limitOnKnownDevice(limits) : limits.ordinary
  return amount !== undefined && (limit === undefined || amount > limit)
}

/** A known browser never lowers a limit, and adds none to a currency without a limit. */
function limitOnKnownDevice({ ordinary, onKnownDevice }: Limits): bigint | undefined {
  const raised = ordinary !== undefined && onKnownDevice !== undefined && onKnownDevice > ordinary
  return raised ? onKnownDevice : ordinary
}

/** Like a known browser, trust adds no limit to a currency without a limit. */
function isWithinTrust({ amount, limits: { ordinary, atTrustedMerchant } }: RiskSignals): boolean {
  if (amount === undefined || ordinary === undefined || atTrustedMerchant === undefined) return false
  return amount <= atTrustedMerchant
}
