import type { AuthenticationRisk } from './history/event.ts'
import { type PolicySignals, type SignalDefinition, type SignalName, signalTable } from './history/signal-table.ts'
import type { Evaluation } from './policy/evaluate.ts'
import type { Policy, PolicyOutcome } from './policy/policy.ts'
import type { ReasonKey } from './policy/reasons.ts'

// What is kept with each authentication, in `authentications.risk`.

/** What a policy said. */
interface Judged {
  /** Its id and version, separated by a space. */
  readonly policy: string
  readonly outcome: PolicyOutcome
  readonly score: number
  /** The ids of the rules that applied, the weightiest first; empty if none did. */
  readonly rules: readonly string[]
}

/** The references of the history; with a policy's judgement, if one decides or records. */
export interface RiskRecord extends AuthenticationRisk, Partial<Judged> {
  /** Why the payment was weighed as it was, the weightiest first, each once. */
  readonly reasons?: readonly ReasonKey[]
  /** Those that were known; absent where no policy may decide. */
  readonly signals?: Partial<PolicySignals>
  /** What the policy said that only records. */
  readonly shadow?: Judged
  /** The alert of which the cardholder said "this was me": a challenge on a device instead of the policy's refusal. */
  readonly confirmed?: string
}

/** A policy with its evaluation. */
interface Evaluated {
  readonly policy: Pick<Policy, 'id' | 'version'>
  readonly evaluation: Evaluation
}

/** An AReq's signals, and what the policies in use say of them. */
export interface Judgement {
  readonly signals: PolicySignals
  readonly active?: Evaluated | undefined
  readonly shadow?: Evaluated | undefined
  /** `RiskRecord.confirmed`. */
  readonly confirmed?: string
}

/** What the active policy asks for, after what the cardholder has confirmed. */
export function policyOf(judgement: Judgement | undefined): Evaluation | undefined {
  const evaluation = judgement?.active?.evaluation
  return evaluation && judgement?.confirmed ? { ...evaluation, outcome: 'challenge-on-device' } : evaluation
}

export function riskRecord(references: AuthenticationRisk, judgement: Judgement | undefined): RiskRecord {
  if (!judgement) return references
  const { signals, active, shadow, confirmed } = judgement
  return {
    ...references,
    ...(active && { ...judged(active), reasons: reasonsOf(active.evaluation) }),
    signals: Object.fromEntries(Object.entries(signals).filter(([, value]) => value !== undefined)),
    ...(shadow && { shadow: judged(shadow) }),
    ...(confirmed && { confirmed }),
  }
}

function judged({ policy, evaluation: { outcome, score, reasons } }: Evaluated): Judged {
  const rules = reasons.filter(({ reason }) => reason !== 'nothing-unusual').map(({ rule }) => rule)
  return { policy: `${policy.id} ${policy.version}`, outcome, score, rules }
}

/** Of rules that raise the score or require an outcome: those that lower it are no reason to ask. */
function reasonsOf({ reasons }: Evaluation): readonly ReasonKey[] {
  const raising = reasons.filter(({ score, atLeast }) => score > 0 || atLeast)
  return [...new Set(raising.map(({ reason }) => reason))]
}

/**
 * The part about the cardholder. Left out are the policy's rules and score, the score of the issuer's service, and what
 * others did at the merchant, in the network or on the device: they would tell a thief what to avoid.
 */
export function ownPart({ network, device, signals = {}, reasons }: RiskRecord) {
  const isOwn = (name: string) => ownSources.has(signalTable[name as SignalName].from)
  return {
    network,
    device,
    reasons,
    signals: Object.fromEntries(Object.entries(signals).filter(([name]) => isOwn(name))),
  }
}

const ownSources: ReadonlySet<SignalDefinition['from']> = new Set(['AReq', 'card', 'cardholder'])
