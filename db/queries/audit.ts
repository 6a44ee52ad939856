import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { AuditType } from '#domain/audit/events.ts'
import { database, type Queryable } from '../client.ts'
import { auditEvents, auditRetention, auditSubjects, cardholders } from '../schema.ts'

/** An audit event to be written. */
export interface AuditRow {
  readonly id: string
  readonly at: string
  readonly type: AuditType
  /** The cardholder concerned; if null, the cardholder of `card`. */
  readonly cardholderId: string | null
  readonly card: string | null
  readonly ref: string | null
  readonly fields: object
}

/** Writes an audit event. */
export async function insertAuditEvent(tx: Queryable, row: AuditRow): Promise<void> {
  const { id, at, type, cardholderId, card, ref, fields } = row
  // In plain SQL, because every challenge writes three events and drizzle's query builder costs more than the row.
  const [written] = await tx.execute<{ subject: string | null }>(sql`
    insert into audit_events (id, at, type, subject, card, ref, fields)
    values (${id}, ${at}, ${type}, (
      select subject from audit_subjects where cardholder_id =
        coalesce(${cardholderId}::uuid, (select cardholder_id from cards where id = ${card}))
    ), ${card}, ${ref}, ${JSON.stringify(fields)}::jsonb)
    returning subject`)
  if (cardholderId !== null && !written?.subject) throw new Error('a cardholder without a pseudonym')
}

/** Gives each new cardholder a pseudonym. */
export async function insertAuditSubjects(tx: Queryable, rows: readonly (typeof auditSubjects.$inferInsert)[]) {
  if (rows.length > 0)
    await tx
      .insert(auditSubjects)
      .values([...rows])
      .onConflictDoNothing()
}

/** Events about a cardholder before a time, the newest first. */
export function auditEventsOf(
  db: Queryable,
  cardholderId: string,
  types: readonly AuditType[],
  before: number,
  most: number,
) {
  return db
    .select({ type: auditEvents.type, at: auditEvents.at, ref: auditEvents.ref })
    .from(auditEvents)
    .innerJoin(auditSubjects, eq(auditSubjects.subject, auditEvents.subject))
    .where(
      and(
        eq(auditSubjects.cardholderId, cardholderId),
        inArray(auditEvents.type, [...types]),
        lt(auditEvents.at, before),
      ),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(most)
}

/** Events of some types, the newest first, with the issuer's id of the cardholder concerned. */
export function auditEventsByType(db: Queryable, types: readonly AuditType[], most: number) {
  return db
    .select({
      id: auditEvents.id,
      at: auditEvents.at,
      type: auditEvents.type,
      fields: auditEvents.fields,
      cardholder: cardholders.issuerRef,
    })
    .from(auditEvents)
    .leftJoin(auditSubjects, eq(auditSubjects.subject, auditEvents.subject))
    .leftJoin(cardholders, eq(cardholders.id, auditSubjects.cardholderId))
    .where(inArray(auditEvents.type, [...types]))
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(most)
}

/** Saves how many days events of each type are kept. The run-time role is not permitted to. */
export async function saveAuditRetention(rows: readonly (typeof auditRetention.$inferInsert)[]): Promise<void> {
  await database()
    .insert(auditRetention)
    .values([...rows])
    .onConflictDoUpdate({ target: auditRetention.type, set: { days: sql`excluded.days` } })
}

/** Removes up to `most` events whose retention has ended by the database's clock. Returns how many. */
export async function purgeAuditEvents(most: number): Promise<number> {
  const [row] = await database().execute<{ removed: number }>(sql`select purge_audit_events(${most}) as removed`)
  return row?.removed ?? 0
}
