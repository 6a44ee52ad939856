import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import type { AuditType } from '#domain/audit/events.ts'
import { cardholders } from './cards.ts'
import { at } from './columns.ts'

// The audit log: what happened, in the transaction in which it happened (docs/decisions/0029).

/** What happened. Rows are added; triggers of the migration refuse to change one, and to remove one before its time. */
export const auditEvents = pgTable(
  'audit_events',
  {
    /** UUIDv7. */
    id: uuid('id').primaryKey(),
    at: at('at').notNull(),
    type: text('type').$type<AuditType>().notNull(),
    /** The pseudonym of the cardholder concerned. */
    subject: uuid('subject'),
    /** The card concerned: `cards.id`, which leads nowhere once the card is removed. */
    card: uuid('card'),
    /** The row concerned: a session, a change, a challenge; it goes with its cardholder. */
    ref: uuid('ref'),
    /** Of this type: domain/audit/events.ts. */
    fields: jsonb('fields').$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  table => [
    index('audit_events_subject').on(table.subject, table.at).where(sql`${table.subject} is not null`),
    index('audit_events_type').on(table.type, table.at),
  ],
)

/** Whose a pseudonym is. Removed with the cardholder: the events remain and lead to no one. */
export const auditSubjects = pgTable('audit_subjects', {
  cardholderId: uuid('cardholder_id')
    .primaryKey()
    .references(() => cardholders.id, { onDelete: 'cascade' }),
  subject: uuid('subject').notNull().unique(),
})

/** For how many days events of a type are kept: written at each start from domain/audit/policy.ts. */
export const auditRetention = pgTable(
  'audit_retention',
  {
    type: text('type').$type<AuditType>().primaryKey(),
    days: integer('days').notNull(),
  },
  // The least that RETENTION_DAYS may be: no setting empties the log.
  table => [check('audit_retention_least', sql`${table.days} >= 30`)],
)
