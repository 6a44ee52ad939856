import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import type { AuditType } from '#domain/audit/events.ts'
import { cardholders } from './cards.ts'
import { at } from './columns.ts'

// The audit log: each event is written in the same transaction as what it records (docs/decisions/0029).

/**
 * The events. The table is append-only: triggers (in the migration) reject updates, and deletions before the retention
 * ends.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    /** UUIDv7. */
    id: uuid('id').primaryKey(),
    at: at('at').notNull(),
    type: text('type').$type<AuditType>().notNull(),
    /** The pseudonym of the cardholder concerned. */
    subject: uuid('subject'),
    /** The card concerned: `cards.id`, without a foreign key, so it may refer to a deleted card. */
    card: uuid('card'),
    /** The row concerned, such as a session, change or challenge; it is deleted with its cardholder. */
    ref: uuid('ref'),
    /** The fields of this type: domain/audit/events.ts. */
    fields: jsonb('fields').$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  table => [
    index('audit_events_subject').on(table.subject, table.at).where(sql`${table.subject} is not null`),
    index('audit_events_type').on(table.type, table.at),
  ],
)

/** The pseudonyms of cardholders. Deleted with the cardholder: the events remain, but no longer identify a person. */
export const auditSubjects = pgTable('audit_subjects', {
  cardholderId: uuid('cardholder_id')
    .primaryKey()
    .references(() => cardholders.id, { onDelete: 'cascade' }),
  subject: uuid('subject').notNull().unique(),
})

/** How many days events of a type are kept. Written at each start from domain/audit/policy.ts. */
export const auditRetention = pgTable(
  'audit_retention',
  {
    type: text('type').$type<AuditType>().primaryKey(),
    days: integer('days').notNull(),
  },
  // The minimum of RETENTION_DAYS, so that no setting can empty the log.
  table => [check('audit_retention_least', sql`${table.days} >= 30`)],
)
