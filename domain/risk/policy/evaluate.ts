import type { PolicySignals } from '#domain/risk/history/signal-table.ts'
import { isStricter, type Policy, type PolicyOutcome, type PolicyRule, type PolicyTable } from './policy.ts'
import type { ReasonKey } from './reasons.ts'

interface Reason {
  /** The id of the rule; `nothing-unusual` if no rule applies. */
  readonly rule: string
  readonly score: number
  /** What the rule alone requires, if it does. */
  readonly atLeast?: PolicyOutcome | undefined
  readonly reason: ReasonKey
}

export interface Evaluation {
  readonly outcome: PolicyOutcome
  readonly score: number
  /** The rules that made the score, those with the greatest effect first. */
  readonly reasons: readonly [Reason, ...Reason[]]
}

const nothingUnusual: Reason = { rule: 'nothing-unusual', score: 0, reason: 'nothing-unusual' }

/** Evaluates a policy. A condition on an unknown signal holds only if it says so. */
export function evaluate(signals: PolicySignals, policy: Policy): Evaluation {
  const rules = policy.tables.flatMap(table => contributing(table, signals))
  const score = rules.reduce((sum, rule) => sum + rule.score, 0)
  let outcome = outcomeOf(score, policy)
  for (const { atLeast } of rules) if (atLeast && isStricter(atLeast, outcome)) outcome = atLeast
  const [first = nothingUnusual, ...others] = rules
    .map(({ id, score, atLeast, reason }): Reason => ({ rule: id, score, ...(atLeast && { atLeast }), reason }))
    .sort((a, b) => weight(b) - weight(a))
  return { outcome, score, reasons: [first, ...others] }
}

function contributing({ combine, rules }: PolicyTable, signals: PolicySignals): readonly PolicyRule[] {
  const applying = rules.filter(({ conditions }) => conditions.every(({ signal, holds }) => holds(signals[signal])))
  if (combine === 'sum' || applying.length < 2) return applying
  const highest = applying.reduce((best, rule) => (rule.score > best.score ? rule : best))
  // What a rule requires does not depend on its score.
  return applying
    .filter(rule => rule === highest || rule.atLeast)
    .map(rule => (rule === highest ? rule : { ...rule, score: 0 }))
}

function outcomeOf(score: number, { thresholds }: Policy): PolicyOutcome {
  const { challenge, 'challenge-on-device': onDevice, refuse } = thresholds
  if (refuse !== undefined && score >= refuse) return 'refuse'
  if (onDevice !== undefined && score >= onDevice) return 'challenge-on-device'
  return score >= challenge ? 'challenge' : 'frictionless'
}

/** A rule that requires an outcome comes before those that only add to the score. */
function weight({ score, atLeast }: Reason): number {
  return Math.abs(score) + (atLeast ? 1_000_000 : 0)
}
