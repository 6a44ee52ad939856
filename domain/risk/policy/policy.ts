import type { SignalName } from '#domain/risk/history/signal-table.ts'
import type { ReasonKey } from './reasons.ts'

/**
 * What a policy may decide, from the mildest to the strictest. `challenge-on-device` allows passkeys and approval
 * devices only: the thief may read the cardholder's codes.
 */
export const policyOutcomes = ['frictionless', 'challenge', 'challenge-on-device', 'refuse'] as const

export type PolicyOutcome = (typeof policyOutcomes)[number]

export function isStricter(one: PolicyOutcome, other: PolicyOutcome): boolean {
  return policyOutcomes.indexOf(one) > policyOutcomes.indexOf(other)
}

export type SignalValue = number | boolean | string | undefined

export interface PolicyCondition {
  readonly signal: SignalName
  holds(value: SignalValue): boolean
}

/** A rule applies if all of its conditions hold. */
export interface PolicyRule {
  readonly id: string
  readonly conditions: readonly PolicyCondition[]
  readonly score: number
  /** The decision is at least this strict, whatever the score is. */
  readonly atLeast: PolicyOutcome | undefined
  readonly reason: ReasonKey
}

export interface PolicyTable {
  readonly id: string
  /** Of all rules that apply: the sum of their scores, or only the rule with the highest. */
  readonly combine: 'sum' | 'highest'
  readonly rules: readonly PolicyRule[]
}

/** The lowest score of each outcome. */
export interface Thresholds {
  readonly challenge: number
  readonly 'challenge-on-device'?: number | undefined
  readonly refuse?: number | undefined
}

/** A policy that `readPolicy` has checked. */
export interface Policy {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly tables: readonly PolicyTable[]
  readonly thresholds: Thresholds
}

/** Whether a rule of the policy reads a signal. */
export function readsSignal({ tables }: Policy, name: SignalName): boolean {
  return tables.some(({ rules }) => rules.some(({ conditions }) => conditions.some(({ signal }) => signal === name)))
}
