import { type FraudPattern, fraudPatterns } from '#domain/risk/generator/labelled.ts'
import { isStricter, type Policy, type PolicyOutcome, policyOutcomes } from '#domain/risk/policy/policy.ts'
import type { Judged } from './run.ts'

/** Payments, and their amounts added. */
interface Sum {
  readonly count: number
  readonly value: number
}

/** What became of the fraud, or of the fraud of one pattern. */
export interface Caught {
  readonly all: Sum
  /** Challenged or refused, however that ended. */
  readonly challenged: Sum
  /** Not paid: refused, or the challenge was not passed. A thief who reads the cardholder's codes passes one by code. */
  readonly stopped: Sum
}

interface RuleEffect {
  readonly rule: string
  /** Genuine payments that were challenged or refused, the rule being among the reasons: false alarms. */
  readonly genuine: number
  readonly fraud: Sum
}

export interface Tally {
  readonly decided: number
  readonly genuine: number
  readonly outcomes: Readonly<Record<PolicyOutcome, number>>
  /** Of all that was decided. */
  readonly challengeRate: number
  /** Genuine payments that were challenged or refused, of all genuine ones. */
  readonly falseAlarmRate: number
  /** Genuine payments that could not be made: refused, or the cardholder did not pass, of all genuine ones. */
  readonly turnedAwayRate: number
  readonly fraud: Caught
  /** Of generated fraud. Whose pattern it is, is not known of stored payments. */
  readonly patterns: Readonly<Partial<Record<FraudPattern, Caught>>>
  /** The rules, those with the most false alarms first. */
  readonly rules: readonly RuleEffect[]
  readonly curve: readonly CurvePoint[]
}

export interface CurvePoint {
  readonly threshold: number
  readonly challengeRate: number
  /** Shares of the fraud's value. */
  readonly challenged: number
  readonly stopped: number
}

export function tally(judged: readonly Judged[], policy: Policy): Tally {
  const genuine = judged.filter(({ fraud }) => fraud === undefined)
  const fraud = judged.filter(each => each.fraud !== undefined)
  const count = (outcome: PolicyOutcome) => judged.filter(each => each.outcome === outcome).length
  return {
    decided: judged.length,
    genuine: genuine.length,
    outcomes: fromKeys(policyOutcomes, count),
    challengeRate: share(judged.filter(isChallenged).length, judged.length),
    falseAlarmRate: share(genuine.filter(isChallenged).length, genuine.length),
    turnedAwayRate: share(genuine.filter(isStopped).length, genuine.length),
    fraud: caught(fraud),
    patterns: fromKeys(patternsIn(fraud), pattern => caught(fraud.filter(each => each.fraud === pattern))),
    rules: effects(judged, policy),
    curve: curve(judged, policy),
  }
}

function patternsIn(fraud: readonly Judged[]): FraudPattern[] {
  return fraudPatterns.filter(pattern => fraud.some(each => each.fraud === pattern))
}

function isChallenged({ outcome }: Judged): boolean {
  return outcome !== 'frictionless'
}

function isStopped({ result }: Judged): boolean {
  return result === 'failed' || result === 'refused'
}

export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function sum(judged: readonly Judged[]): Sum {
  return { count: judged.length, value: judged.reduce((all, { amount }) => all + amount, 0) }
}

function caught(fraud: readonly Judged[]): Caught {
  return { all: sum(fraud), challenged: sum(fraud.filter(isChallenged)), stopped: sum(fraud.filter(isStopped)) }
}

function fromKeys<Key extends string, Value>(keys: readonly Key[], value: (key: Key) => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map(key => [key, value(key)])) as Record<Key, Value>
}

function effects(judged: readonly Judged[], { tables }: Policy): RuleEffect[] {
  const challenged = new Map<string, Judged[]>(tables.flatMap(({ rules }) => rules.map(({ id }) => [id, []])))
  for (const each of judged.filter(isChallenged))
    for (const { rule, score, atLeast } of each.reasons) if (score > 0 || atLeast) challenged.get(rule)?.push(each)
  return [...challenged]
    .map(([rule, some]) => ({
      rule,
      genuine: some.filter(({ fraud }) => fraud === undefined).length,
      fraud: sum(some.filter(({ fraud }) => fraud !== undefined)),
    }))
    .sort((a, b) => b.genuine - a.genuine || b.fraud.value - a.fraud.value)
}

/**
 * What another threshold would do: how many more or fewer challenges for how much more or less fraud. The thresholds of
 * the stricter outcomes move with that of the challenge; what a rule requires stays. Scores are those of the run, in
 * which the rows learnt from the policy as it is: far from its threshold the curve is an estimate.
 */
function curve(judged: readonly Judged[], { thresholds }: Policy): CurvePoint[] {
  const fraud = judged.filter(each => each.fraud !== undefined)
  const value = sum(fraud).value
  const highest = Math.max(thresholds.challenge * 2, 10)
  const steps = Array.from({ length: 41 }, (_, i) => 1 + Math.round((i * (highest - 1)) / 40))
  const tried = [...new Set([...steps, thresholds.challenge])].sort((a, b) => a - b)
  return tried.map(threshold => {
    const by = threshold - thresholds.challenge
    const outcome = (each: Judged) => outcomeAt(each, thresholds, by)
    return {
      threshold,
      challengeRate: share(judged.filter(each => outcome(each) !== 'frictionless').length, judged.length),
      challenged: share(sum(fraud.filter(each => outcome(each) !== 'frictionless')).value, value),
      stopped: share(sum(fraud.filter(each => !passes(outcome(each), each.answers))).value, value),
    }
  })
}

function outcomeAt({ score, reasons }: Judged, thresholds: Policy['thresholds'], by: number): PolicyOutcome {
  let outcome: PolicyOutcome = 'frictionless'
  for (const each of ['challenge', 'challenge-on-device', 'refuse'] as const) {
    const threshold = thresholds[each]
    if (threshold !== undefined && score >= threshold + by) outcome = each
  }
  for (const { atLeast } of reasons) if (atLeast && isStricter(atLeast, outcome)) outcome = atLeast
  return outcome
}

function passes(outcome: PolicyOutcome, { code, device }: Judged['answers']): boolean {
  return { frictionless: true, challenge: code, 'challenge-on-device': device, refuse: false }[outcome]
}

/** How two policies differ on the same history: how many payments have each pair of outcomes. */
export interface Difference {
  readonly from: PolicyOutcome
  readonly to: PolicyOutcome
  readonly genuine: number
  readonly fraud: Sum
  /** Rules of the stricter policy, with how often they were a reason; the most frequent first. */
  readonly rules: readonly { readonly rule: string; readonly count: number }[]
}

/** `before` and `after` have the same payments in the same order. */
export function differences(before: readonly Judged[], after: readonly Judged[]): Difference[] {
  const groups = new Map<string, { readonly from: Judged; readonly to: Judged }[]>()
  for (const [i, from] of before.entries()) {
    const to = after[i]
    if (!to || to.outcome === from.outcome) continue
    const key = `${from.outcome} ${to.outcome}`
    const group = groups.get(key) ?? []
    group.push({ from, to })
    groups.set(key, group)
  }
  return [...groups.values()]
    .flatMap(pairs => {
      const [first] = pairs
      if (!first) return []
      const [from, to] = [first.from.outcome, first.to.outcome]
      const stricter = pairs.map(pair => (isStricter(to, from) ? pair.to : pair.from))
      return [
        {
          from,
          to,
          genuine: stricter.filter(({ fraud }) => fraud === undefined).length,
          fraud: sum(stricter.filter(({ fraud }) => fraud !== undefined)),
          rules: frequencies(stricter),
        },
      ]
    })
    .sort((a, b) => b.genuine + b.fraud.count - a.genuine - a.fraud.count)
}

function frequencies(judged: readonly Judged[]): { readonly rule: string; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const { reasons } of judged) for (const { rule } of reasons) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].map(([rule, count]) => ({ rule, count })).sort((a, b) => b.count - a.count)
}
