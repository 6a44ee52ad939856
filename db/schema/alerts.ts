import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { RuleId, Subject } from '#domain/watch/rules.ts'
import { cardholders, cards } from './cards.ts'
import { at } from './columns.ts'

/**
 * What the watch has found (docs/alerts.md): written with the events that it was found in, once in each window. When an
 * alert was sent is in the rows of the outbox that are about it.
 */
export const alerts = pgTable(
  'alerts',
  {
    /** UUIDv7. */
    id: uuid('id').primaryKey(),
    rule: text('rule').$type<RuleId>().notNull(),
    subjectKind: text('subject_kind').$type<Subject['kind']>().notNull(),
    /** A reference of ours: an id or an HMAC, and of a merchant its ids. */
    subject: text('subject').notNull(),
    /** The start of the hour, or day, in which the rule raises one alert about the subject. */
    windowAt: at('window_at').notNull(),
    raisedAt: at('raised_at').notNull(),
    /** What the rule counts. */
    count: integer('count').notNull(),
    cardId: uuid('card_id').references(() => cards.id, { onDelete: 'set null' }),
    cardholderId: uuid('cardholder_id').references(() => cardholders.id, { onDelete: 'set null' }),
    /** The payment in which it was found: `authentications.id`. */
    authenticationId: uuid('authentication_id'),
    /** Random. A call-back must repeat it, so that only the receiver of the alert can acknowledge it. */
    nonce: text('nonce').notNull(),
    acknowledgedAt: at('acknowledged_at'),
    closedAt: at('closed_at'),
    /** When the cardholder said "this was me" of a refused payment. */
    confirmedAt: at('confirmed_at'),
  },
  table => [
    uniqueIndex('alerts_once').on(table.subjectKind, table.subject, table.rule, table.windowAt),
    index('alerts_raised_at').on(table.raisedAt),
    index('alerts_card').on(table.cardId),
    index('alerts_cardholder').on(table.cardholderId),
  ],
)
