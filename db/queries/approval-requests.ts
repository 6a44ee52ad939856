import { and, desc, eq, gt, isNull, lte } from 'drizzle-orm'
import type { EndedState } from '#domain/approval/request.ts'
import type { Queryable } from '../client.ts'
import { approvalRequests } from '../schema.ts'

// Requests to approve a payment on a device. Those of one cardholder are open one at a time.

export type ApprovalRequestRow = typeof approvalRequests.$inferSelect

/** Inserts an open request. Returns false if the cardholder has an open one. */
export async function insertRequest(tx: Queryable, row: typeof approvalRequests.$inferInsert): Promise<boolean> {
  const rows = await tx
    .insert(approvalRequests)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: approvalRequests.id })
  return rows.length > 0
}

const own = (cardholderId: string, id: string) =>
  and(eq(approvalRequests.id, id), eq(approvalRequests.cardholderId, cardholderId))

/** A request of this cardholder; undefined for one of another. */
export async function findRequest(
  tx: Queryable,
  cardholderId: string,
  id: string,
): Promise<ApprovalRequestRow | undefined> {
  const [row] = await tx.select().from(approvalRequests).where(own(cardholderId, id))
  return row
}

/** The same, locked until the transaction ends. */
export async function lockRequest(
  tx: Queryable,
  cardholderId: string,
  id: string,
): Promise<ApprovalRequestRow | undefined> {
  const [row] = await tx.select().from(approvalRequests).where(own(cardholderId, id)).for('update')
  return row
}

/** The request that waits for the cardholder's answer. */
export async function openRequestOf(
  tx: Queryable,
  cardholderId: string,
  now: number,
): Promise<ApprovalRequestRow | undefined> {
  const [row] = await tx
    .select()
    .from(approvalRequests)
    .where(
      and(
        eq(approvalRequests.cardholderId, cardholderId),
        isNull(approvalRequests.endedAt),
        gt(approvalRequests.expiresAt, now),
      ),
    )
  return row
}

/** The newest request of a challenge. */
export async function latestRequestOf(tx: Queryable, challengeId: string): Promise<ApprovalRequestRow | undefined> {
  const [row] = await tx
    .select()
    .from(approvalRequests)
    .where(eq(approvalRequests.challengeId, challengeId))
    .orderBy(desc(approvalRequests.createdAt))
    .limit(1)
  return row
}

export async function updateRequest(
  tx: Queryable,
  id: string,
  change: Partial<Pick<ApprovalRequestRow, 'state' | 'endedAt' | 'deviceId' | 'evidence'>>,
) {
  await tx.update(approvalRequests).set(change).where(eq(approvalRequests.id, id))
}

const ended = (state: EndedState, now: number) => ({ state, endedAt: now })

/** Ends a cardholder's requests whose time is over, so that another may begin. */
export async function expireRequests(tx: Queryable, cardholderId: string, now: number) {
  await tx
    .update(approvalRequests)
    .set(ended('expired', now))
    .where(
      and(
        eq(approvalRequests.cardholderId, cardholderId),
        isNull(approvalRequests.endedAt),
        lte(approvalRequests.expiresAt, now),
      ),
    )
}

/** Ends the open request of a challenge that has ended, or that the cardholder no longer answers on a device. */
export async function withdrawRequests(tx: Queryable, challengeId: string, now: number) {
  await tx
    .update(approvalRequests)
    .set(ended('withdrawn', now))
    .where(and(eq(approvalRequests.challengeId, challengeId), isNull(approvalRequests.endedAt)))
}
