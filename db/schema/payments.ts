import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Challenge, Notice } from '#domain/challenge/states.ts'
import type { Rendering, UiType } from '#domain/emv/app-screens.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import type { Preference } from '#domain/methods/selection.ts'
import { cardholders, cards } from './cards.ts'
import { at, bytea, earlierCodes } from './columns.ts'

// What a directory server asked, what was answered, and what was asked of the cardholder.

/** One authentication: an AReq, without the elements that identify the cardholder, and its ARes. */
export const authentications = pgTable(
  'authentications',
  {
    acsTransID: uuid('acs_trans_id').primaryKey(),
    directoryServer: text('directory_server').notNull(),
    dsTransID: uuid('ds_trans_id').notNull(),
    /** HMAC of the AReq as received: the same one sent again gets the same answer. A bare hash would give the card number away. */
    areqHmac: bytea('areq_hmac').notNull(),
    cardId: uuid('card_id').references(() => cards.id, { onDelete: 'set null' }),
    decision: text('decision').notNull(),
    areq: jsonb('areq').$type<JsonObject>().notNull(),
    /** As text, so that it is the same bytes when it is asked for again. */
    ares: json('ares').$type<JsonObject>().notNull(),
    createdAt: at('created_at').notNull(),
  },
  table => [
    uniqueIndex('authentications_ds_trans_id').on(table.directoryServer, table.dsTransID),
    index('authentications_created_at').on(table.createdAt),
    index('authentications_card').on(table.cardId).where(sql`${table.cardId} is not null`),
  ],
)

export interface Purchase {
  readonly merchantName: string
  /** Minor units; absent where a non-payment has none. */
  readonly amount?: string
  readonly currency?: string
  readonly exponent?: string
  /** purchaseDate, YYYYMMDDHHMMSS in UTC. */
  readonly date?: string
  /** acquirerMerchantID; with the acquirer's BIN, which a non-payment need not have, it tells merchants of one directory server apart. */
  readonly merchantID: string
  readonly acquirerBIN?: string
}

/** A merchant, as the acquirers of one directory server tell them apart. */
export interface MerchantIdentity {
  readonly directoryServer: string
  readonly acquirerBIN: string
  readonly acquirerMerchantID: string
}

/** The asking of one authentication that was answered C, in a window, or D, apart from the merchant. States and their meaning: domain/challenge/machine.ts. */
export const challenges = pgTable(
  'challenges',
  {
    acsTransID: uuid('acs_trans_id')
      .primaryKey()
      .references(() => authentications.acsTransID, { onDelete: 'cascade' }),
    /** Stands in the window's address; drawn when the first CReq comes. */
    windowKey: text('window_key').unique(),
    state: text('state').$type<Challenge['state']>().notNull(),
    outcome: text('outcome').$type<Outcome>(),
    /** How the cardholder wants to be asked, as far as the device can show it. */
    preference: text('preference').$type<Preference>().notNull().default('code'),
    notice: text('notice').$type<Notice>(),
    language: text('language').$type<Language>().notNull(),
    deadlineAt: at('deadline_at'),
    attempts: smallint('attempts').notNull(),
    sends: smallint('sends').notNull(),
    interactions: smallint('interactions').notNull(),
    /** The methods that are asked in the window, or were last. */
    selected: text('selected').array().$type<readonly MethodId[]>().notNull().default([]),
    /** Methods begun that are answered elsewhere, the one waited for last at the end. */
    outOfBand: text('out_of_band').array().$type<readonly MethodId[]>().notNull().default([]),
    /** Of the codes sent last, one to several contacts at once: they are sent, and expire, together. */
    codeExpiresAt: at('code_expires_at'),
    lastSentAt: at('last_sent_at'),
    creqDigest: bytea('creq_digest'),
    sessionData: text('session_data'),

    // What the AReq said, frozen for the window and the result.
    messageVersion: text('message_version').$type<MessageVersion>().notNull(),
    messageCategory: text('message_category').notNull(),
    // As they came, upper or lower case: others compare them as text.
    threeDSServerTransID: text('three_ds_server_trans_id').notNull(),
    dsTransID: text('ds_trans_id').notNull(),
    directoryServer: text('directory_server').notNull(),
    dsURL: text('ds_url').notNull(),
    notificationURL: text('notification_url').notNull(),
    purchase: jsonb('purchase').$type<Purchase>().notNull(),
    /** threeDSRequestorID, and the network of browserIP as a tag: what caps on text messages count. */
    requestorID: text('requestor_id').notNull().default(''),
    networkHmac: bytea('network_hmac'),
    /** The browser that the 3DS Method saw before, if it gave itself a reference. */
    deviceHmac: bytea('device_hmac'),
    /** The AReq asked about the list of trusted merchants; the result answers. */
    trustAsked: boolean('trust_asked').notNull().default(false),
    /** The cardholder has ticked that the merchant be trusted; it is once they have succeeded. */
    trustWanted: boolean('trust_wanted').notNull().default(false),
    cardId: uuid('card_id')
      .notNull()
      .references(() => cards.id, { onDelete: 'cascade' }),
    /** The card range, whose key makes the authentication value. */
    range: text('range').notNull(),
    createdAt: at('created_at').notNull(),
    /** When the cardholder was first asked: with the first CReq, or after an ARes with D at once. */
    openedAt: at('opened_at'),
    endedAt: at('ended_at'),
    /** The cardholder has said, in the account, that it was not them. */
    reportedAt: at('reported_at'),
  },
  table => [
    index('challenges_deadline').on(table.deadlineAt).where(sql`${table.state} <> 'ended'`),
    index('challenges_card').on(table.cardId, table.openedAt),
  ],
)

/**
 * What a challenge asked of the cardholder by one method, and whether it was proved. The RReq names the method of the proof
 * that was proved.
 */
export const challengeProofs = pgTable(
  'challenge_proofs',
  {
    acsTransID: uuid('acs_trans_id')
      .notNull()
      .references(() => challenges.acsTransID, { onDelete: 'cascade' }),
    method: text('method').$type<MethodId>().notNull(),
    /** `withdrawn`: another code took its place; `undelivered`: no gateway took the message, though its code is valid. */
    state: text('state').$type<'pending' | 'undelivered' | 'withdrawn' | 'proved'>().notNull(),
    /** The contact that the code went to, masked as the window shows it. */
    destination: text('destination'),
    codeHmac: bytea('code_hmac'),
    codeKeyId: integer('code_key_id'),
    earlierCodes: earlierCodes(),
    begunAt: at('begun_at').notNull(),
    provedAt: at('proved_at'),
  },
  table => [primaryKey({ columns: [table.acsTransID, table.method] })],
)

/** What an app challenge has besides: how the SDK is spoken to. One row for each challenge of the app channel. */
export const appChannels = pgTable(
  'app_channels',
  {
    acsTransID: uuid('acs_trans_id')
      .primaryKey()
      .references(() => challenges.acsTransID, { onDelete: 'cascade' }),
    /** As it came, upper or lower case. */
    sdkTransID: text('sdk_trans_id').notNull(),
    /** The key agreed on with the SDK, encrypted; gone once the last message has left. */
    secret: text('secret'),
    /** The number that the next CReq must carry, and the one for the next CRes. */
    sdkCounter: smallint('sdk_counter').notNull().default(0),
    acsCounter: smallint('acs_counter').notNull().default(0),
    /** acsRenderingType as the ARes said it. */
    rendering: jsonb('rendering').$type<Rendering>().notNull(),
    /** acsUiType of the screen shown last, which the next CReq answers. */
    shown: text('shown').$type<UiType>(),
  },
  // Most rows have lost their key: those that have one are few.
  table => [index('app_channels_secret').on(table.acsTransID).where(sql`${table.secret} is not null`)],
)

/** What the 3DS Method saw of a browser, until its AReq has come. */
export const methodResults = pgTable(
  'method_results',
  {
    threeDSServerTransID: uuid('three_ds_server_trans_id').primaryKey(),
    /** Hash of the browser's reference and of the site that it came from; null where it has none. */
    deviceHmac: bytea('device_hmac'),
    userAgentDigest: bytea('user_agent_digest').notNull(),
    /** Minutes, as browserTZ has them; null where no script ran. */
    timeZone: text('time_zone'),
    createdAt: at('created_at').notNull(),
  },
  table => [index('method_results_created_at').on(table.createdAt)],
)

/** Browsers in which a card's holder has succeeded. */
export const cardBrowsers = pgTable(
  'card_browsers',
  {
    cardId: uuid('card_id')
      .notNull()
      .references(() => cards.id, { onDelete: 'cascade' }),
    deviceHmac: bytea('device_hmac').notNull(),
    seenAt: at('seen_at').notNull(),
  },
  table => [primaryKey({ columns: [table.cardId, table.deviceHmac] }), index('card_browsers_seen_at').on(table.seenAt)],
)

/** Merchants that a cardholder trusts: a payment there may pass up to a higher amount. */
export const trustedMerchants = pgTable(
  'trusted_merchants',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    directoryServer: text('directory_server').notNull(),
    acquirerBIN: text('acquirer_bin').notNull(),
    acquirerMerchantID: text('acquirer_merchant_id').notNull(),
    /** As the AReq had it when the merchant became trusted. */
    merchantName: text('merchant_name').notNull(),
    trustedAt: at('trusted_at').notNull(),
    removedAt: at('removed_at'),
  },
  table => [
    uniqueIndex('trusted_merchants_merchant')
      .on(table.cardholderId, table.directoryServer, table.acquirerBIN, table.acquirerMerchantID)
      .where(sql`${table.removedAt} is null`),
    index('trusted_merchants_cardholder').on(table.cardholderId),
  ],
)
