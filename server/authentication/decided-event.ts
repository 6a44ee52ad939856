import type { Authentication } from '#db/queries/authentications.ts'
import type { Decision } from '#domain/risk/protocol-outcome.ts'
import type { Recorded } from '../audit/audit.ts'

/**
 * The audit event of an AReq's decision; undefined if it is frictionless, which the authentication's own row already
 * says.
 */
export function decidedEvent({ id, cardId }: Authentication, decision: Decision): Recorded | undefined {
  const answer = decision.kind === 'conclude' ? decision.outcome : decision.kind
  if (answer === 'frictionless') return undefined
  const { rule } = decision
  return { type: 'payment-decided', answer, ...(rule && { rule }), cardId, ref: id }
}
