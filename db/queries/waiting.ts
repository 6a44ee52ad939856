import { and, eq, isNull, lte, min, notInArray, or, sql } from 'drizzle-orm'
import { database } from '../client.ts'
import { outbox } from '../schema.ts'

/** Counts rows that wait to be sent: messages queued by `messagesSince`, and results queued by `resultsSince`. */
export async function countWaiting(messagesSince: number, resultsSince: number) {
  const message = and(notInArray(outbox.kind, ['rreq', 'erro']), lte(outbox.createdAt, messagesSince))
  const result = and(eq(outbox.kind, 'rreq'), lte(outbox.createdAt, resultsSince))
  const isResult = sql<boolean>`${outbox.kind} = 'rreq'`
  const rows = await database()
    .select({ isResult, count: sql<number>`count(*)::int` })
    .from(outbox)
    .where(and(isNull(outbox.handedOverAt), isNull(outbox.failedAt), or(message, result)))
    .groupBy(isResult)
  const countOf = (results: boolean) => rows.find(row => row.isResult === results)?.count ?? 0
  return { messages: countOf(false), results: countOf(true) }
}

/** Since when the oldest row of each kind has been due without being leased. */
export async function oldestDue(now: number) {
  const at = now
  const rows = await database()
    .select({ kind: outbox.kind, dueAt: min(outbox.nextAt) })
    .from(outbox)
    .where(
      and(
        isNull(outbox.handedOverAt),
        isNull(outbox.failedAt),
        lte(outbox.nextAt, at),
        or(isNull(outbox.leasedUntil), lte(outbox.leasedUntil, at)),
      ),
    )
    .groupBy(outbox.kind)
  return rows.map(({ kind, dueAt }) => ({ kind, dueAt: dueAt ?? now }))
}
