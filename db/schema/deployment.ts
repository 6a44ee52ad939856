import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { cardholders } from './cards.ts'
import { at } from './columns.ts'
import { challenges } from './payments.ts'

// What a deployment says of itself, and what it has to send.

/** One row: what kind of deployment this database belongs to. */
export const deployment = pgTable(
  'deployment',
  {
    only: smallint('only').primaryKey().default(1),
    mode: text('mode').$type<'production' | 'demo'>().notNull(),
  },
  table => [check('deployment_one_row', sql`${table.only} = 1`)],
)

/** What tells whether a key is still the one that this database was filled with. A key is registered when it is first seen. */
export const keyFingerprints = pgTable(
  'key_fingerprints',
  {
    purpose: text('purpose').notNull(),
    keyId: integer('key_id').notNull(),
    fingerprint: text('fingerprint').notNull(),
    /** Since when it makes nothing new, and nothing that stays is under it any more. */
    disusedAt: at('disused_at'),
  },
  table => [primaryKey({ columns: [table.purpose, table.keyId] })],
)

/** When each process was last seen alive, by the database's own clock: processes have several, and the demo moves theirs. */
export const heartbeats = pgTable('heartbeats', {
  id: uuid('id').primaryKey(),
  role: text('role').$type<'web' | 'ds' | 'worker'>().notNull(),
  /** The machine that the process runs on, and its number there. */
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  startedAt: at('started_at').notNull(),
  at: at('at').notNull(),
  /** When a worker last completed a round of its duties; at first, its start. */
  roundAt: at('round_at'),
})

/** What must leave the house: written with the state that causes it, sent by the worker that leases it. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<'rreq' | 'email' | 'sms'>().notNull(),
    /** rreq: host and port of the directory server, which has senders of its own. Messages: empty, for their gateway is chosen when they are sent. */
    host: text('host').notNull().default(''),
    acsTransID: uuid('acs_trans_id').references(() => challenges.acsTransID, { onDelete: 'cascade' }),
    /** Whom a message is for. */
    cardholderId: uuid('cardholder_id').references(() => cardholders.id, { onDelete: 'cascade' }),
    /** What a message outside of a challenge belongs to: the code that it carries, the change that it tells of. */
    aboutId: uuid('about_id'),
    /** Which words a message has; clear, for nothing in it is anybody's. */
    template: text('template'),
    /** rreq: the JSON that leaves, byte for byte. Messages: encrypted, and null once handed over, given up or expired. */
    body: text('body'),
    tries: integer('tries').notNull().default(0),
    nextAt: at('next_at').notNull(),
    leasedUntil: at('leased_until'),
    /** After this nothing is sent any more; a result never expires. */
    expiresAt: at('expires_at'),
    handedOverAt: at('handed_over_at'),
    /** Which gateway took it, and what it calls the message there, for questions to its operator. */
    gateway: text('gateway'),
    gatewayRef: text('gateway_ref'),
    /** The gateway has said that it arrived. */
    deliveredAt: at('delivered_at'),
    failedAt: at('failed_at'),
    createdAt: at('created_at').notNull(),
    /** Grows with each lease, so that a sender whose lease ran out cannot settle what another one took. */
    lease: bigint('lease', { mode: 'number' }).notNull().default(0),
  },
  table => [
    index('outbox_due')
      .on(table.kind, table.host, table.nextAt)
      .where(sql`${table.handedOverAt} is null and ${table.failedAt} is null`),
    index('outbox_challenge').on(table.acsTransID),
    index('outbox_created_at').on(table.createdAt).where(sql`${table.acsTransID} is null`),
    index('outbox_about').on(table.aboutId),
    index('outbox_cardholder').on(table.cardholderId, table.createdAt),
  ],
)
