import { asc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { StoredKind } from '#domain/risk/history/rows.ts'
import type { WatchEvent } from '#domain/watch/event.ts'
import type { Queryable } from '../client.ts'
import { authentications, cards, riskEvents, riskRows } from '../schema.ts'
import { toTimestamp } from '../timestamp.ts'
import { deleteSome } from './delete-some.ts'

export type RiskEventRow = typeof riskEvents.$inferInsert

export interface StoredRow {
  readonly kind: StoredKind
  readonly key: string
  readonly row: object
}

/** An event for a statement that inserts it together with other rows. */
export function riskEventInJson({ id, cardId, event, createdAt }: RiskEventRow) {
  return { id, card_id: cardId, event, created_at: toTimestamp(createdAt) }
}

/** Appends events, in the transaction of what happened. */
export async function insertRiskEvents(tx: Queryable, rows: readonly RiskEventRow[]): Promise<void> {
  if (rows.length > 0) await tx.insert(riskEvents).values([...rows])
}

/** Elements and references of an authentication, for the event of its end. */
export async function storedRiskOf(tx: Queryable, id: string) {
  const { directoryServer, areq, risk, createdAt } = authentications
  const [row] = await tx
    .select({ directoryServer, areq, risk, createdAt })
    .from(authentications)
    .where(eq(authentications.id, id))
  return row
}

export async function cardIdsOf(tx: Queryable, cardholderId: string): Promise<string[]> {
  const rows = await tx.select({ id: cards.id }).from(cards).where(eq(cards.cardholderId, cardholderId))
  return rows.map(({ id }) => id)
}

/**
 * The oldest events, which no one else folds until the transaction ends; none while another transaction does. An event
 * with a lower id may become visible later.
 */
export async function lockRiskEvents(tx: Queryable, most: number): Promise<{ id: string; event: WatchEvent }[]> {
  const [lock] = await tx.execute<{ locked: boolean }>(sql`select pg_try_advisory_xact_lock(7317334) as locked`)
  if (!lock?.locked) return []
  return tx
    .select({ id: riskEvents.id, event: riskEvents.event })
    .from(riskEvents)
    .orderBy(asc(riskEvents.id))
    .limit(most)
}

/** Locks cards, so that none is deleted before the transaction ends. Returns those that exist. */
export async function lockCards(tx: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ id: cards.id })
    .from(cards)
    .where(inArray(cards.id, [...ids]))
    .orderBy(asc(cards.id))
    .for('key share')
  return new Set(rows.map(({ id }) => id))
}

type Key = Omit<StoredRow, 'row'>

export async function readRiskRows(tx: Queryable, keys: readonly Key[]): Promise<StoredRow[]> {
  return tx.execute<StoredRow & Record<string, unknown>>(sql`
    select kind, key, row
    from json_to_recordset(${JSON.stringify(keys)}::json) as asked(kind text, key text)
    join risk_rows using (kind, key)`)
}

/** Writes rows that were read in the same transaction. */
export async function writeRiskRows(
  tx: Queryable,
  rows: readonly (StoredRow & { readonly keptUntil: number })[],
): Promise<void> {
  const folded = rows.map(({ keptUntil, ...row }) => ({ ...row, kept_until: toTimestamp(keptUntil) }))
  await tx.execute(sql`
    insert into risk_rows (kind, key, row, kept_until)
    select kind, key, row, kept_until
    from json_to_recordset(${JSON.stringify(folded)}::json)
      as folded(kind text, key text, row json, kept_until timestamptz)
    on conflict (kind, key) do update set row = excluded.row, kept_until = excluded.kept_until`)
}

export async function deleteRiskEvents(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.delete(riskEvents).where(inArray(riskEvents.id, [...ids]))
}

/** Deletes up to `most` rows that are no longer kept. Returns how many. */
export function purgeRiskRows(now: number, most: number): Promise<number> {
  return deleteSome(riskRows, lt(riskRows.keptUntil, now), riskRows.keptUntil, most)
}

/** Deletes up to `most` events that no worker has folded. Returns how many. */
export function purgeRiskEvents(before: string, most: number): Promise<number> {
  return deleteSome(riskEvents, lt(riskEvents.id, before), riskEvents.id, most)
}
