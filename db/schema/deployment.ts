import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { cardholders } from './cards.ts'
import { at } from './columns.ts'

// The deployment, its processes and keys, and the outbox.

/** A single row: whether this database belongs to production or the demo. */
export const deployment = pgTable(
  'deployment',
  {
    only: smallint('only').primaryKey().default(1),
    mode: text('mode').$type<'production' | 'demo'>().notNull(),
  },
  table => [check('deployment_one_row', sql`${table.only} = 1`)],
)

/**
 * Fingerprints that show whether a key is still the one with which this database was written. A key is registered when
 * it is first used.
 */
export const keyFingerprints = pgTable(
  'key_fingerprints',
  {
    purpose: text('purpose').notNull(),
    keyId: integer('key_id').notNull(),
    fingerprint: text('fingerprint').notNull(),
    /**
     * Since when the key has been disused: it is not used for new values, and no permanent value is under it any more.
     */
    disusedAt: at('disused_at'),
  },
  table => [primaryKey({ columns: [table.purpose, table.keyId] })],
)

/**
 * When each process was last alive, by the database's clock, because the clocks of processes may differ and the demo
 * moves them.
 */
export const heartbeats = pgTable('heartbeats', {
  id: uuid('id').primaryKey(),
  role: text('role').$type<'web' | 'ds' | 'worker'>().notNull(),
  /** The machine on which the process runs; `pid` is the process id there. */
  host: text('host').notNull(),
  pid: integer('pid').notNull(),
  startedAt: at('started_at').notNull(),
  at: at('at').notNull(),
  /** When a worker last completed a round of its tasks; initially its start. */
  roundAt: at('round_at'),
})

/** How far each sequence of a directory server's OReqs has come. */
export const operationSequences = pgTable(
  'operation_sequences',
  {
    directoryServer: text('directory_server').notNull(),
    seqId: uuid('seq_id').notNull(),
    total: smallint('total').notNull(),
    latest: smallint('latest').notNull(),
    broken: boolean('broken').notNull(),
    receivedAt: at('received_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.directoryServer, table.seqId] }),
    index('operation_sequences_received_at').on(table.receivedAt),
  ],
)

/** Messages to be sent: written in the transaction that causes them, and sent by the worker that leases them. */
export const outbox = pgTable(
  'outbox',
  {
    /** UUIDv7. */
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<'rreq' | 'erro' | 'email' | 'sms' | 'push' | 'alert' | 'watch-notice'>().notNull(),
    /**
     * rreq, erro: host and port of the directory server, which has separate senders. push: that of the device's push
     * service. alert: that of the issuer's web-hook. Other messages: empty, because their gateway is chosen when they are
     * sent.
     */
    host: text('host').notNull().default(''),
    challengeId: uuid('challenge_id'),
    /** The recipient of a message. */
    cardholderId: uuid('cardholder_id').references(() => cardholders.id, { onDelete: 'cascade' }),
    /**
     * What a message outside a challenge belongs to: the code that it carries, the change that it announces, or the alert
     * that the issuer gets.
     */
    aboutId: uuid('about_id'),
    /** The template of a message; not encrypted, because it is not personal. */
    template: text('template'),
    /**
     * rreq, erro: the JSON that is sent, byte for byte. alert, watch-notice: JSON. Messages: encrypted. All but the first two are null
     * once handed over, given up or expired.
     */
    body: text('body'),
    tries: integer('tries').notNull().default(0),
    nextAt: at('next_at').notNull(),
    leasedUntil: at('leased_until'),
    /** The message is not sent after this time; a result never expires. */
    expiresAt: at('expires_at'),
    /** rreq: an RRes, or the Erro that says that it was received before. */
    handedOverAt: at('handed_over_at'),
    /** The gateway that accepted it, and the gateway's id of the message, for inquiries to its operator. */
    gateway: text('gateway'),
    gatewayRef: text('gateway_ref'),
    /** When the gateway reported its delivery. */
    deliveredAt: at('delivered_at'),
    failedAt: at('failed_at'),
    createdAt: at('created_at').notNull(),
    /**
     * Incremented with each lease, so that a sender whose lease has expired cannot update a row that another one has
     * leased.
     */
    lease: bigint('lease', { mode: 'number' }).notNull().default(0),
  },
  table => [
    index('outbox_due')
      .on(table.kind, table.host, table.nextAt)
      .where(sql`${table.handedOverAt} is null and ${table.failedAt} is null`),
    index('outbox_challenge').on(table.challengeId),
    index('outbox_about').on(table.aboutId),
    index('outbox_cardholder').on(table.cardholderId, table.createdAt),
  ],
)
