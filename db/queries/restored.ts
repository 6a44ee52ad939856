import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import {
  challenges,
  confirmations,
  drafts,
  enrolments,
  outbox,
  pairingCodes,
  passkeyChallenges,
  sessions,
} from '../schema.ts'
import { fromChallenge, toChallenge, updateChallenge } from './challenges.ts'
import { dropMessages } from './outbox.ts'
import { forgetCodes } from './proofs.ts'

// What a restored database must not go on with: server/issuer/reconcile.ts.

/** Ends every session and forgets what is under way in some browser: it may have been ended since. */
export async function endUnderWay(tx: Queryable, now: number) {
  await tx.update(sessions).set({ endedAt: now }).where(isNull(sessions.endedAt))
  for (const table of [drafts, confirmations, enrolments, pairingCodes, passkeyChallenges]) await tx.delete(table)
}

/**
 * Ends challenges whose result the directory server has already, so that no second one is made, and keeps results that wait
 * from being sent again. Answers how many challenges there were.
 */
export async function endReported(tx: Queryable, acsTransIDs: string[], now: number): Promise<number> {
  const waiting = and(inArray(outbox.acsTransID, acsTransIDs), isNull(outbox.handedOverAt), isNull(outbox.failedAt))
  await tx
    .update(outbox)
    .set({ handedOverAt: now, leasedUntil: null })
    .where(and(waiting, eq(outbox.kind, 'rreq')))
  const rows = await tx
    .select()
    .from(challenges)
    .where(and(inArray(challenges.acsTransID, acsTransIDs), ne(challenges.state, 'ended')))
  for (const row of rows) {
    const { language, attempts, sends, interactions } = toChallenge(row)
    const ended = { state: 'ended', outcome: 'internal-error', language, attempts, sends, interactions } as const
    await updateChallenge(tx, row.acsTransID, fromChallenge(ended, now))
    await forgetCodes(tx, row.acsTransID)
    await dropMessages(tx, row.acsTransID, now)
  }
  return rows.length
}

/** Messages that a gateway has already do not leave again. Answers how many there were. */
export async function markSent(tx: Queryable, ids: string[], now: number): Promise<number> {
  const sent = await tx
    .update(outbox)
    .set({ handedOverAt: now, body: null, leasedUntil: null })
    .where(and(inArray(outbox.id, ids), isNull(outbox.handedOverAt), isNull(outbox.failedAt)))
    .returning({ id: outbox.id })
  return sent.length
}
