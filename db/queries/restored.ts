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
  transactionIds,
} from '../schema.ts'
import { fromChallenge, toChallenge, updateChallenge } from './challenges.ts'
import { dropMessages } from './outbox.ts'
import { forgetCodes } from './proofs.ts'

// Ends what a restored database must not continue with: server/issuer/reconcile.ts.

/** Ends every session and deletes everything unfinished in browsers, because it may have ended since the backup. */
export async function endUnderWay(tx: Queryable, now: number) {
  await tx.update(sessions).set({ endedAt: now }).where(isNull(sessions.endedAt))
  for (const table of [drafts, confirmations, enrolments, pairingCodes, passkeyChallenges]) await tx.delete(table)
}

/**
 * Ends challenges whose result the directory server already has, so that no second result is made, and marks their
 * waiting results as sent. Returns the number of challenges ended.
 */
export async function endAlreadyReported(tx: Queryable, acsTransIDs: string[], now: number): Promise<number> {
  const reported = tx
    .select({ id: transactionIds.authenticationId })
    .from(transactionIds)
    .where(inArray(transactionIds.acsTransID, acsTransIDs))
  const waiting = and(inArray(outbox.challengeId, reported), isNull(outbox.handedOverAt), isNull(outbox.failedAt))
  await tx
    .update(outbox)
    .set({ handedOverAt: now, leasedUntil: null })
    .where(and(waiting, eq(outbox.kind, 'rreq')))
  const rows = await tx
    .select()
    .from(challenges)
    .where(and(inArray(challenges.id, reported), ne(challenges.state, 'ended')))
  for (const row of rows) {
    const { language, onDevice, attempts, sends, interactions } = toChallenge(row)
    const common = { language, onDevice, attempts, sends, interactions }
    const ended = { state: 'ended', outcome: 'internal-error', ...common } as const
    await updateChallenge(tx, row.id, fromChallenge(ended, now))
    await forgetCodes(tx, row.id)
    await dropMessages(tx, row.id, now)
  }
  return rows.length
}

/** Marks messages that a gateway already has as handed over, so that they are not sent again. Returns how many. */
export async function markSent(tx: Queryable, ids: string[], now: number): Promise<number> {
  const sent = await tx
    .update(outbox)
    .set({ handedOverAt: now, body: null, leasedUntil: null })
    .where(and(inArray(outbox.id, ids), isNull(outbox.handedOverAt), isNull(outbox.failedAt)))
    .returning({ id: outbox.id })
  return sent.length
}
