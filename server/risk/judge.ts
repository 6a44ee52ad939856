import { evaluate } from '#domain/risk/policy/evaluate.ts'
import type { Policy } from '#domain/risk/policy/policy.ts'
import type { Judgement } from '#domain/risk/record.ts'
import type { Identified } from '../authentication/identify.ts'
import { withExternalScore } from './external-score.ts'
import { policiesInUse } from './policies-in-use.ts'
import { policySignalsOf } from './policy-signals.ts'

/**
 * What the policies in use say of an AReq. Undefined where none may decide (`policySignalsOf`); without a policy it has the
 * signals alone, on which a later one can be tried.
 */
export async function judgementOf(identified: Identified): Promise<Judgement | undefined> {
  const known = policySignalsOf(identified)
  if (!known) return undefined
  const { active, shadow } = policiesInUse()
  const signals = await withExternalScore(known, identified, [active, shadow])
  const by = (policy: Policy | undefined) => policy && { policy, evaluation: evaluate(signals, policy) }
  return { signals, active: by(active), shadow: by(shadow) }
}
