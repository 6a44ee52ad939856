import { ineligibility } from './eligibility.ts'
import { evaluate } from './evaluate.ts'
import { type Decision, protocolOutcome } from './protocol-outcome.ts'
import { reachCardholder } from './reach.ts'
import type { LazySignals, Signals } from './signals.ts'

/**
 * Decides the issuer's answer to a well-formed AReq: whether the purchase needs the cardholder, how the cardholder can
 * be reached, and which protocol outcome follows.
 */
export async function decide(signals: Signals, lazy: LazySignals, now: number): Promise<Decision> {
  const outcome = ineligibility(signals, now)
  if (outcome) return { kind: 'conclude', outcome }
  // 3RI has no policy, because its cardholder cannot be asked.
  if (signals.policy?.outcome === 'refuse' && !signals.requestorInitiated)
    return { kind: 'conclude', outcome: 'suspected', rule: 'policy' }
  // Signed by the cardholder with what was paid to whom: no risk rule asks for more.
  if (signals.spc === 'given') return { kind: 'conclude', outcome: 'authenticated', rule: 'confirmed' }
  const risk = await evaluate(signals, lazy)
  if (!risk.needsCardholder) return { kind: 'conclude', outcome: 'frictionless', rule: risk.rule }
  return protocolOutcome(risk, await reachCardholder(signals, lazy, risk.onDevice), signals)
}
