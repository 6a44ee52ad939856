import { sql } from 'drizzle-orm'
import { index, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { StoredKind } from '#domain/risk/history/rows.ts'
import type { WatchEvent } from '#domain/watch/event.ts'
import { at } from './columns.ts'

// The history by which risk policies decide (docs/risk.md). A card's row and events are deleted with it, by a
// trigger; rows of networks and devices have the ids of cards of their last day for as long as they are kept.
// `json` and not `jsonb`, because nothing reads inside, and an AReq reads text fastest as it was written.

/** What is remembered of a card, merchant, network or device: the types in domain/risk/history/rows.ts. */
export const riskRows = pgTable(
  'risk_rows',
  {
    kind: text('kind').$type<StoredKind>().notNull(),
    /**
     * Of a card its id; of a merchant its directory server, acquirer's BIN and merchant id; of a network an HMAC; of a
     * device the digest of the 3DS Method's reference, or an HMAC of sdkAppID.
     */
    key: text('key').notNull(),
    row: json('row').$type<object>().notNull(),
    /** A whole day in UTC, so that most updates change no index. */
    keptUntil: at('kept_until').notNull(),
  },
  table => [
    primaryKey({ columns: [table.kind, table.key] }),
    // Without the kind: an index that begins with it would be mistaken for a better one than the primary key, as long as
    // statistics know of no row of a kind.
    index('risk_rows_kept_until').on(table.keptUntil),
  ],
)

/** What happened and is not in the rows yet. The worker folds it into them and deletes it. */
export const riskEvents = pgTable(
  'risk_events',
  {
    /** UUIDv7; of an AReq the id of its authentication. */
    id: uuid('id').primaryKey(),
    /** `cards.id`; null for a number that is not a card, and of an event that only the watch looks at. */
    cardId: uuid('card_id'),
    event: json('event').$type<WatchEvent>().notNull(),
    createdAt: at('created_at').notNull(),
  },
  // With the id: an AReq reads the newest events of its card, without those of others.
  table => [index('risk_events_card').on(table.cardId, table.id).where(sql`${table.cardId} is not null`)],
)
