import { and, eq, gt, inArray, isNull, lt, lte, sql } from 'drizzle-orm'
import { database, type Queryable } from '../client.ts'
import { activationCodes, enrolments } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

export type EnrolmentRow = typeof enrolments.$inferSelect

export async function insertActivationCode(tx: Queryable, row: typeof activationCodes.$inferInsert) {
  await tx.insert(activationCodes).values(row)
}

/** Ends the codes of earlier letters when there is a newer one. */
export async function endActivationCodes(tx: Queryable, cardholderId: string, now: number) {
  await tx
    .update(activationCodes)
    .set({ endedAt: now })
    .where(and(eq(activationCodes.cardholderId, cardholderId), isNull(activationCodes.endedAt)))
}

/** Counts a use of a code. Undefined if the code is not valid or has been used `tries` times. */
export async function tryActivationCode(tx: Queryable, hmacs: Buffer[], now: number, tries: number) {
  const [row] = await tx
    .update(activationCodes)
    .set({ tries: sql`${activationCodes.tries} + 1` })
    .where(
      and(
        inArray(activationCodes.hmac, hmacs),
        isNull(activationCodes.endedAt),
        gt(activationCodes.expiresAt, now),
        lt(activationCodes.tries, tries),
      ),
    )
    .returning({ id: activationCodes.id, cardholderId: activationCodes.cardholderId })
  return row
}

/** Marks a code as used. Undefined if another enrolment or a newer letter has ended it before. */
export async function spendActivationCode(tx: Queryable, id: string, now: number) {
  const [row] = await tx
    .update(activationCodes)
    .set({ endedAt: now })
    .where(and(eq(activationCodes.id, id), isNull(activationCodes.endedAt)))
    .returning({ createdAt: activationCodes.createdAt })
  return row
}

export async function replaceEnrolment(tx: Queryable, row: typeof enrolments.$inferInsert) {
  const { visit: _, ...set } = row
  await tx
    .insert(enrolments)
    .values(row)
    .onConflictDoUpdate({ target: enrolments.visit, set: { email: null, ...set } })
}

export async function findEnrolment(visit: Buffer, now: number) {
  const [row] = await database()
    .select()
    .from(enrolments)
    .where(and(eq(enrolments.visit, visit), gt(enrolments.expiresAt, now)))
  return row
}

/** The enrolment, locked, so that steps in two tabs are taken one after the other. */
export async function lockEnrolment(tx: Queryable, visit: Buffer, now: number): Promise<EnrolmentRow | undefined> {
  const [row] = await tx
    .select()
    .from(enrolments)
    .where(and(eq(enrolments.visit, visit), gt(enrolments.expiresAt, now)))
    .for('update')
  return row
}

export async function updateEnrolment(tx: Queryable, visit: Buffer, change: Partial<typeof enrolments.$inferInsert>) {
  await tx.update(enrolments).set(change).where(eq(enrolments.visit, visit))
}

export async function removeEnrolment(tx: Queryable, visit: Buffer) {
  await tx.delete(enrolments).where(eq(enrolments.visit, visit))
}

export function purgeEnrolments(now: number, most: number): Promise<number> {
  return deleteSome(enrolments, lte(enrolments.expiresAt, now), enrolments.expiresAt, most)
}
