import { and, desc, eq, gt, gte, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Change } from '#domain/contact/change.ts'
import { database, type Queryable } from '../client.ts'
import { cardholders, changeReports, contactChanges } from '../schema.ts'
import { fromCodeState, toCodeState } from './code-columns.ts'
import { languageSpoken } from './preferences.ts'

export type ChangeRow = typeof contactChanges.$inferSelect

export async function insertChange(tx: Queryable, row: typeof contactChanges.$inferInsert) {
  await tx.insert(contactChanges).values(row)
}

/** Changes that have not ended (requested or confirmed), of one kind or both, the newest first. */
export function openChanges(tx: Queryable, cardholderId: string, kind?: ChangeRow['kind']): Promise<ChangeRow[]> {
  return tx
    .select()
    .from(contactChanges)
    .where(
      and(
        eq(contactChanges.cardholderId, cardholderId),
        kind && eq(contactChanges.kind, kind),
        inArray(contactChanges.state, ['asking', 'confirmed']),
      ),
    )
    .orderBy(desc(contactChanges.requestedAt))
}

/** All changes of a cardholder since a time, the newest first. */
export function changesSince(tx: Queryable, cardholderId: string, since: number): Promise<ChangeRow[]> {
  return tx
    .select()
    .from(contactChanges)
    .where(and(eq(contactChanges.cardholderId, cardholderId), gte(contactChanges.requestedAt, since)))
    .orderBy(desc(contactChanges.requestedAt))
}

export async function changeById(tx: Queryable, id: string): Promise<ChangeRow | undefined> {
  const [row] = await tx.select().from(contactChanges).where(eq(contactChanges.id, id))
  return row
}

/** Counts an attempt in a separate statement before the code is compared. Undefined if no attempts are left. */
export async function countChangeAttempt(tx: Queryable, id: string, limit: number): Promise<ChangeRow | undefined> {
  const [row] = await tx
    .update(contactChanges)
    .set({ attempts: sql`${contactChanges.attempts} + 1` })
    .where(and(eq(contactChanges.id, id), eq(contactChanges.state, 'asking'), lt(contactChanges.attempts, limit)))
    .returning()
  return row
}

export async function updateChange(tx: Queryable, id: string, change: Partial<typeof contactChanges.$inferInsert>) {
  await tx.update(contactChanges).set(change).where(eq(contactChanges.id, id))
}

/** Converts a row to a state of the state machine. */
export function toChange(row: ChangeRow): Change {
  const { kind } = row
  switch (row.state) {
    case 'asking':
      return {
        state: 'asking',
        kind,
        code: { ...toCodeState(row), earlier: row.earlierCodes },
        expiresAt: row.expiresAt,
      }
    case 'confirmed':
      return { state: 'confirmed', kind, effectiveAt: row.effectiveAt ?? 0 }
    case 'ended':
      return { state: 'ended', kind, outcome: row.outcome ?? 'timed-out' }
  }
}

/** Converts a state of the state machine to columns. Codes are deleted once the state is no longer `asking`. */
export function fromChange(change: Change, now: number): Partial<typeof contactChanges.$inferInsert> {
  const noCode = { codeHmac: null, codeKeyId: null, earlierCodes: [] }
  switch (change.state) {
    case 'asking':
      return { state: 'asking', ...fromCodeState(change.code), earlierCodes: change.code.earlier }
    case 'confirmed':
      // The code stays, so that a second press of the button gets the answer to the first.
      return {
        state: 'confirmed',
        confirmedAt: now,
        effectiveAt: change.effectiveAt,
      }
    case 'ended':
      return { ...noCode, state: 'ended', outcome: change.outcome, endedAt: now }
  }
}

export async function insertReports(tx: Queryable, rows: (typeof changeReports.$inferInsert)[]) {
  await tx.insert(changeReports).values(rows)
}

/** The change that a report's link or code is for, if it has not expired. */
export async function findReport(digests: readonly Buffer[], now: number) {
  const [row] = await database()
    .select({ change: contactChanges, usedAt: changeReports.usedAt, language: languageSpoken })
    .from(changeReports)
    .innerJoin(contactChanges, eq(contactChanges.id, changeReports.changeId))
    .innerJoin(cardholders, eq(cardholders.id, contactChanges.cardholderId))
    .where(and(inArray(changeReports.digest, [...digests]), gt(changeReports.expiresAt, now)))
  return row
}

/** Marks the link or code as used. Of several concurrent callers only the first gets the id of the change. */
export async function spendReport(tx: Queryable, digests: readonly Buffer[], now: number): Promise<string | undefined> {
  const [row] = await tx
    .update(changeReports)
    .set({ usedAt: now })
    .where(
      and(inArray(changeReports.digest, [...digests]), isNull(changeReports.usedAt), gt(changeReports.expiresAt, now)),
    )
    .returning({ changeId: changeReports.changeId })
  return row?.changeId
}
