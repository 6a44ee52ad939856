import type { Queryable } from '#db/client.ts'
import { type AuditRow, insertAuditEvent } from '#db/queries/audit.ts'
import { type AuditEvent, auditFields, type OperatorEvent } from '#domain/audit/events.ts'
import { now } from '../platform/clock.ts'
import { newId } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'

/** The cardholder, card and row that an event is about, by our own ids. */
interface Concerned {
  /** Stored as a pseudonym, whose link to the cardholder is deleted with the cardholder. */
  readonly cardholderId?: string | null | undefined
  /** A card. Without `cardholderId` the event is about its holder, too. */
  readonly cardId?: string | null | undefined
  /** The row that the event is about: a session, a change, a challenge. */
  readonly ref?: string | undefined
}

export type Recorded = AuditEvent & Concerned

/** Writes an event to the audit log, in the transaction of what happened. */
export function audit(tx: Queryable, recorded: Recorded): Promise<void> {
  return insertAuditEvent(tx, auditRow(recorded))
}

/** An event as a row, for a statement that inserts it together with other rows. */
export function auditRow({ cardholderId, cardId, ref, ...event }: Recorded): AuditRow {
  const at = now()
  return {
    id: newId(at),
    at: new Date(at).toISOString(),
    type: event.type,
    cardholderId: cardholderId ?? null,
    card: cardId ?? null,
    ref: ref ?? null,
    fields: auditFields(event),
  }
}

/** Audits and logs an operator's command, in the transaction of the command. */
export async function auditOperator(tx: Queryable, recorded: OperatorEvent & Concerned): Promise<void> {
  await audit(tx, recorded)
  log.info('operator.command', { kind: recorded.type })
}
