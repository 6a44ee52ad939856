import { ineligibility } from './eligibility.ts'
import { evaluate } from './evaluate.ts'
import { type Decision, protocolOutcome } from './protocol-outcome.ts'
import { reachCardholder } from './reach.ts'
import type { LazySignals, Signals } from './signals.ts'

/**
 * The issuer's answer to a well-formed AReq: whether the purchase needs its cardholder, how they can be asked, and what the
 * protocol says to that.
 */
export async function decide(signals: Signals, lazy: LazySignals, now: number): Promise<Decision> {
  const outcome = ineligibility(signals, now)
  if (outcome) return { kind: 'conclude', outcome }
  const risk = await evaluate(signals, lazy)
  if (!risk.needsCardholder) return { kind: 'conclude', outcome: 'frictionless', rule: risk.rule }
  return protocolOutcome(risk, await reachCardholder(signals, lazy), signals)
}
