import { and, asc, eq, gt, gte, isNotNull, lt, sql } from 'drizzle-orm'
import type { Outcome } from '#domain/emv/outcome.ts'
import { firstIdAt } from '#domain/kernel/first-id.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import type { PolicySignals } from '#domain/risk/history/signal-table.ts'
import type { Queryable } from '../client.ts'
import { authentications, challengeProofs, challenges } from '../schema.ts'

/** An authentication whose signals were kept, and what became of its challenge, if it had one. */
export interface StoredRow {
  readonly id: string
  readonly signals: Partial<PolicySignals>
  readonly outcome: Outcome | null
  /** When the cardholder reported the payment. */
  readonly reportedAt: number | null
  /** The methods that succeeded. */
  readonly proved: readonly MethodId[]
}

/** Up to `most` authentications from a time to another, in the order of their ids. `after`: the last id before them. */
export function storedPayments(
  db: Queryable,
  { from, to, after }: { readonly from: number; readonly to: number; readonly after: string | undefined },
  most: number,
): Promise<StoredRow[]> {
  const signals = sql<Partial<PolicySignals>>`${authentications.risk}->'signals'`
  return db
    .select({
      id: authentications.id,
      signals,
      outcome: challenges.outcome,
      reportedAt: challenges.reportedAt,
      proved: sql<MethodId[]>`array(select ${challengeProofs.method} from ${challengeProofs}
        where ${challengeProofs.challengeId} = ${authentications.id} and ${challengeProofs.state} = 'proved')`,
    })
    .from(authentications)
    .leftJoin(challenges, eq(challenges.id, authentications.id))
    .where(
      and(
        after === undefined ? gte(authentications.id, firstIdAt(from)) : gt(authentications.id, after),
        lt(authentications.id, firstIdAt(to)),
        isNotNull(signals),
      ),
    )
    .orderBy(asc(authentications.id))
    .limit(most)
}
