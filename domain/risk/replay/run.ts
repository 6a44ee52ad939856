import type { FraudPattern, Labelled } from '#domain/risk/generator/labelled.ts'
import type { Authentication, Ended, RiskEvent } from '#domain/risk/history/event.ts'
import {
  applyEvent,
  convert,
  emptyRows,
  keysOf,
  type Rates,
  type RowKind,
  type Rows,
} from '#domain/risk/history/rows.ts'
import { signalsOf } from '#domain/risk/history/signals-of.ts'
import { type Evaluation, evaluate } from '#domain/risk/policy/evaluate.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'

/** One authentication that a policy has decided. */
export interface Judged extends Evaluation {
  readonly authentication: Authentication
  /** In the issuer's currency. */
  readonly amount: number
  readonly fraud: FraudPattern | undefined
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
    const rows = memory.load(event)
    if (event.kind !== 'authentication' || event.card === undefined) {
      memory.save(event, applyEvent(rows, event, rates))
      return undefined
    }
    const isDecided = event.areq.deviceChannel !== '03'
    const evaluation = isDecided ? evaluate(signalsOf(event, rows, rates, event.at), policy) : undefined
    const result = evaluation ? resultOf(evaluation, answers) : 'frictionless'
    const ended: Ended = { kind: 'ended', at: event.at, authentication: event, result }
    memory.save(event, applyEvent(applyEvent(rows, event, rates), ended, rates))
    return (
      evaluation && {
        ...evaluation,
        authentication: event,
        amount: convert(event.areq, rates) ?? 0,
        fraud,
        answers,
        result,
      }
    )
  }
}

function resultOf({ outcome }: Evaluation, answers: Judged['answers']): Ended['result'] {
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

const kinds = Object.keys(emptyRows) as RowKind[]

/** The rows of all cards, merchants, … by their keys. */
function makeMemory() {
  const rows: { readonly [Kind in RowKind]: Map<string, Rows[Kind]> } = {
    card: new Map(),
    cardholder: new Map(),
    merchant: new Map(),
    network: new Map(),
    device: new Map(),
  }
  const get = <Kind extends RowKind>(kind: Kind, key: string | undefined): Rows[Kind] =>
    (key === undefined ? undefined : rows[kind].get(key)) ?? emptyRows[kind]
  const set = <Kind extends RowKind>(kind: Kind, key: string | undefined, row: Rows[Kind]) => {
    if (key !== undefined) rows[kind].set(key, row)
  }
  return {
    load(event: RiskEvent): Rows {
      const keys = keysOf(event)
      return {
        card: get('card', keys.card),
        cardholder: get('cardholder', keys.cardholder),
        merchant: get('merchant', keys.merchant),
        network: get('network', keys.network),
        device: get('device', keys.device),
      }
    },
    save(event: RiskEvent, after: Rows): void {
      const keys = keysOf(event)
      for (const kind of kinds) set(kind, keys[kind], after[kind])
    },
  }
}
