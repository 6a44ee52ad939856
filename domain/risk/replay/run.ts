import type { FraudPattern, Labelled } from '#domain/risk/generator/labelled.ts'
import type { Ended } from '#domain/risk/history/event.ts'
import { makeMemory } from '#domain/risk/history/memory.ts'
import { convert, type Rates } from '#domain/risk/history/rows.ts'
import { signalsOf } from '#domain/risk/history/signals-of.ts'
import { type Evaluation, evaluate } from '#domain/risk/policy/evaluate.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'

/** One authentication that a policy has decided. */
export interface Judged extends Evaluation {
  /** In the issuer's currency. */
  readonly amount: number
  /** The pattern of a generated one, or that the cardholder reported a stored one. */
  readonly fraud: FraudPattern | 'reported' | undefined
  readonly answers: { readonly code: boolean; readonly device: boolean }
  readonly result: Ended['result']
}

/**
 * Runs one policy over a history. Each policy has rows of its own, because what it stops teaches the rows nothing.
 * Returns a function that takes the next event, and says how an authentication was decided; undefined for everything
 * that a policy does not decide: other events, cards that are not ours, and 3RI, where no cardholder can be asked.
 */
export function runPolicy(policy: Policy, rates: Rates): (next: Labelled) => Judged | undefined {
  const memory = makeMemory()
  return ({ event, fraud, answers = { code: true, device: true } }) => {
    const { before } = memory.fold(event, rates)
    if (event.kind !== 'authentication' || event.card === undefined) return undefined
    const isDecided = event.areq.deviceChannel !== '03'
    const evaluation = isDecided ? evaluate(signalsOf(event, before, rates, event.at), policy) : undefined
    const result = evaluation ? resultOf(evaluation, answers) : 'frictionless'
    memory.fold({ kind: 'ended', at: event.at, authentication: event, result }, rates)
    return (
      evaluation && {
        ...evaluation,
        amount: convert(event.areq, rates) ?? 0,
        fraud,
        answers,
        result,
      }
    )
  }
}

export function resultOf({ outcome }: Pick<Evaluation, 'outcome'>, answers: Judged['answers']): Ended['result'] {
  switch (outcome) {
    case 'frictionless':
      return 'frictionless'
    case 'challenge':
      return answers.code ? 'passed' : 'failed'
    case 'challenge-on-device':
      return answers.device ? 'passed' : 'failed'
    case 'refuse':
      return 'refused'
  }
}
