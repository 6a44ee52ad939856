import type { Outcome } from '#domain/emv/outcome.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import type { PolicySignals } from '#domain/risk/history/signal-table.ts'
import { evaluate } from '#domain/risk/policy/evaluate.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import { withUnknown } from '#domain/risk/policy/read-policy.ts'
import { type Judged, resultOf } from './run.ts'

/** A payment as it was decided, with the signals that were known then. */
export interface StoredPayment {
  readonly signals: Partial<PolicySignals>
  /** Of its challenge; null without one. */
  readonly outcome: Outcome | null
  readonly reportedAt: number | null
  readonly proved: readonly MethodId[]
}

/**
 * Runs a policy over a stored payment. Fraud is what the cardholder reported; all else counts as genuine, and its
 * cardholder as able to answer. Of a thief only what they did is known: whether they passed the challenge that there
 * was, and by what. One who was not asked then is taken for one who could not answer.
 */
export function judgeStored(policy: Policy, { signals, outcome, reportedAt, proved }: StoredPayment): Judged {
  const evaluation = evaluate(withUnknown(signals), policy)
  const isFraud = reportedAt !== null
  const passed = outcome === 'authenticated' || outcome === 'approved'
  const onDevice = passed && proved.some(method => methods[method].signs)
  const answers = isFraud ? { code: passed, device: onDevice } : { code: true, device: true }
  return {
    ...evaluation,
    amount: signals.amount ?? 0,
    fraud: isFraud ? 'reported' : undefined,
    answers,
    result: resultOf(evaluation, answers),
  }
}
