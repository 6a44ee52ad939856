import { type Queryable, transaction } from '#db/client.ts'
import { type DecidedRow, decidedRow } from '#db/queries/explained.ts'
import { findPolicy } from '#db/queries/risk-policies.ts'
import type { PolicySignals, SignalName } from '#domain/risk/history/signal-table.ts'
import { evaluate } from '#domain/risk/policy/evaluate.ts'
import type { Policy, PolicyOutcome } from '#domain/risk/policy/policy.ts'
import { withUnknown } from '#domain/risk/policy/read-policy.ts'
import { auditOperator } from '../audit/audit.ts'
import { readStoredPolicy } from './stored-policy.ts'

// Why a payment was answered as it was, exactly: for staff.

/** A rule that applied, and the signals that it reads, as they were. */
export interface ExplainedRule {
  readonly id: string
  readonly score: number
  readonly atLeast: PolicyOutcome | undefined
  readonly read: readonly (readonly [SignalName, number | boolean | string | undefined])[]
}

export interface Explanation {
  readonly acsTransID: string
  readonly row: DecidedRow
  /** Undefined if no policy decided, or its document may not be read any more. */
  readonly rules: readonly ExplainedRule[] | undefined
  readonly thresholds: Policy['thresholds'] | undefined
}

/** Explains one decision, and records which operator asked. Undefined if there is no such authentication. */
export function explainDecision(
  acsTransID: string,
  { by, reason }: { readonly by: string; readonly reason?: string },
): Promise<Explanation | undefined> {
  return transaction(async tx => {
    const row = await decidedRow(tx, acsTransID)
    if (!row) return undefined
    const { risk, cardId, id } = row
    const policy = risk?.policy === undefined ? undefined : await policyNamed(tx, risk.policy)
    const rules = policy && risk?.signals ? rulesOf(policy, withUnknown(risk.signals)) : undefined
    await auditOperator(tx, { type: 'decision-explained', by, ...(reason && { reason }), cardId, ref: id })
    return { acsTransID, row, rules, thresholds: policy?.thresholds }
  })
}

/** `name`: id and version, separated by a space, as `riskRecord` writes it. */
async function policyNamed(tx: Queryable, name: string): Promise<Policy | undefined> {
  const [policyId = '', version = ''] = name.split(' ')
  const stored = await findPolicy(tx, { policyId, version: Number(version) })
  const read = stored && readStoredPolicy(stored)
  return read && 'policy' in read ? read.policy : undefined
}

/** Those that applied: versions never change, so they apply again. */
function rulesOf(policy: Policy, signals: PolicySignals): ExplainedRule[] {
  const all = policy.tables.flatMap(({ rules }) => rules)
  return evaluate(signals, policy).reasons.flatMap(({ rule, score, atLeast }) => {
    const found = all.find(({ id }) => id === rule)
    if (!found) return []
    const read = [...new Set(found.conditions.map(({ signal }) => signal))]
    return [{ id: rule, score, atLeast, read: read.map(signal => [signal, signals[signal]] as const) }]
  })
}
