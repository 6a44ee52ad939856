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
import type { Evidence } from '#domain/approval/evidence.ts'
import type { RequestContent, RequestState } from '#domain/approval/request.ts'
import type { Challenge, Notice } from '#domain/challenge/states.ts'
import type { OpenedAs } from '#domain/code/bound-line.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import type { Rendering, UiType } from '#domain/emv/app-screens.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import type { Preference } from '#domain/methods/selection.ts'
import type { Fact } from '#domain/registration/facts.ts'
import type { RiskRecord } from '#domain/risk/record.ts'
import { approvalDevices } from './account.ts'
import { cardholders, cards } from './cards.ts'
import { at, bytea, earlierCodes } from './columns.ts'

// Authentications, challenges and what belongs to them. The tables authentications, challenges, outbox and audit_events
// are partitioned by id in the migration, and no foreign key refers to them (docs/decisions/0034).

/** One authentication: an AReq, without the elements that identify the cardholder, and its ARes. */
export const authentications = pgTable(
  'authentications',
  {
    /** UUIDv7, so that rows are stored in the order of time. It never leaves us; other parties know `acsTransID`. */
    id: uuid('id').primaryKey(),
    acsTransID: uuid('acs_trans_id').notNull(),
    directoryServer: text('directory_server').notNull(),
    dsTransID: uuid('ds_trans_id').notNull(),
    /**
     * HMAC of the elements of the AReq that are not stored, in canonical JSON, so that a repeated AReq gets the same
     * answer, whatever the order of its members (decision 51). An unkeyed hash would reveal the card number.
     */
    areqHmac: bytea('areq_hmac').notNull(),
    cardId: uuid('card_id').references(() => cards.id, { onDelete: 'set null' }),
    decision: text('decision').notNull(),
    areq: jsonb('areq').$type<JsonObject>().notNull(),
    /** `json` and not `jsonb`, so that a repeated AReq gets the same bytes. */
    ares: json('ares').$type<JsonObject>().notNull(),
    createdAt: at('created_at').notNull(),
    /** Null if the issuer's file has no `risk`. */
    risk: jsonb('risk').$type<RiskRecord>(),
  },
  table => [index('authentications_card').on(table.cardId).where(sql`${table.cardId} is not null`)],
)

/**
 * Finds an authentication by the ids that other parties know. Kept for as long as they may be used, which is shorter
 * than the authentication is kept (docs/data.md).
 */
export const transactionIds = pgTable(
  'transaction_ids',
  {
    /** `authentications.id`. */
    authenticationId: uuid('authentication_id').primaryKey(),
    directoryServer: text('directory_server').notNull(),
    dsTransID: uuid('ds_trans_id').notNull(),
    /** Null without a challenge: then no other party sends it. */
    acsTransID: uuid('acs_trans_id'),
    /** The random key in the window's URL, drawn when the first CReq of a browser arrives. */
    windowKey: text('window_key'),
  },
  table => [
    uniqueIndex('transaction_ids_ds_trans_id').on(table.directoryServer, table.dsTransID),
    uniqueIndex('transaction_ids_acs_trans_id').on(table.acsTransID).where(sql`${table.acsTransID} is not null`),
    uniqueIndex('transaction_ids_window_key').on(table.windowKey).where(sql`${table.windowKey} is not null`),
  ],
)

export interface Purchase {
  readonly merchantName: string
  /** Minor units; absent for a non-payment without an amount. */
  readonly amount?: string
  readonly currency?: string
  readonly exponent?: string
  /** purchaseDate, YYYYMMDDHHMMSS in UTC. */
  readonly date?: string
  /**
   * acquirerMerchantID. With the acquirer's BIN, which a non-payment may lack, it identifies a merchant within a
   * directory server.
   */
  readonly merchantID: string
  readonly acquirerBIN?: string
}

/** What identifies a merchant: its id at an acquirer of a directory server. */
export interface MerchantIdentity {
  readonly directoryServer: string
  readonly acquirerBIN: string
  readonly acquirerMerchantID: string
}

/**
 * The challenge of an authentication that was answered with C (in a window) or D (decoupled).
 * domain/challenge/states.ts defines the states.
 */
export const challenges = pgTable(
  'challenges',
  {
    /** The id of its authentication, with which it is deleted: by a trigger, as all that belongs to a challenge. */
    id: uuid('id').primaryKey(),
    acsTransID: uuid('acs_trans_id').notNull(),
    state: text('state').$type<Challenge['state']>().notNull(),
    outcome: text('outcome').$type<Outcome>(),
    /** The cardholder's preference, if the device can show it. */
    preference: text('preference').$type<Preference>().notNull().default('code'),
    /** Only a device of the cardholder's may confirm the payment, because a thief may read their codes. */
    onDevice: boolean('on_device').notNull().default(false),
    notice: text('notice').$type<Notice>(),
    language: text('language').$type<Language>().notNull(),
    deadlineAt: at('deadline_at'),
    attempts: smallint('attempts').notNull(),
    sends: smallint('sends').notNull(),
    interactions: smallint('interactions').notNull(),
    /** The methods being asked in the window, or those asked last. */
    selected: text('selected').array().$type<readonly MethodId[]>().notNull().default([]),
    /** Out-of-band methods that were begun; the most recently awaited one is last. */
    outOfBand: text('out_of_band').array().$type<readonly MethodId[]>().notNull().default([]),
    /** The contacts that the cardholder said they have lost, for this challenge only. */
    lostContacts: text('lost_contacts').array().$type<readonly Channel[]>().notNull().default([]),
    /** Expiry of the codes sent last. Codes to several contacts are sent together and expire together. */
    codeExpiresAt: at('code_expires_at'),
    lastSentAt: at('last_sent_at'),
    creqDigest: bytea('creq_digest'),
    sessionData: text('session_data'),
    /** How the browser opened the window, with the first CReq; null if it did not say, and in apps. */
    openedAs: text('opened_as').$type<OpenedAs>(),

    // Elements of the AReq, stored for the window and the result.
    messageVersion: text('message_version').$type<MessageVersion>().notNull(),
    messageCategory: text('message_category').notNull(),
    // In the received case (upper or lower), because other parties compare them as text.
    threeDSServerTransID: text('three_ds_server_trans_id').notNull(),
    dsTransID: text('ds_trans_id').notNull(),
    directoryServer: text('directory_server').notNull(),
    dsURL: text('ds_url').notNull(),
    notificationURL: text('notification_url').notNull(),
    purchase: jsonb('purchase').$type<Purchase>().notNull(),
    /** threeDSRequestorID, and the HMAC of the network of browserIP: caps on text messages count by them. */
    requestorID: text('requestor_id').notNull().default(''),
    networkHmac: bytea('network_hmac'),
    /** The browser that the 3DS Method saw, as in `methodResults`; null if it has no identifier. */
    deviceDigest: bytea('device_digest'),
    /** Whether the AReq asked about the list of trusted merchants; then the result answers it. */
    trustAsked: boolean('trust_asked').notNull().default(false),
    /** Whether the cardholder ticked the box to trust the merchant, which takes effect on success. */
    trustWanted: boolean('trust_wanted').notNull().default(false),
    cardId: uuid('card_id')
      .notNull()
      .references(() => cards.id, { onDelete: 'cascade' }),
    /** The card range, whose key is used for the authentication value. */
    range: text('range').notNull(),
    createdAt: at('created_at').notNull(),
    /** When the challenge began for the cardholder: with the first CReq, or immediately after an ARes with D. */
    openedAt: at('opened_at'),
    endedAt: at('ended_at'),
    /** When the cardholder reported it in the account as "this was not me". */
    reportedAt: at('reported_at'),
  },
  table => [
    index('challenges_deadline').on(table.deadlineAt).where(sql`${table.state} <> 'ended'`),
    index('challenges_card').on(table.cardId, table.openedAt),
  ],
)

/**
 * The proof of one method in a challenge, and whether it succeeded. The RReq reports the method whose proof succeeded.
 */
export const challengeProofs = pgTable(
  'challenge_proofs',
  {
    challengeId: uuid('challenge_id').notNull(),
    method: text('method').$type<MethodId>().notNull(),
    /** `withdrawn`: another code replaced it; `undelivered`: no gateway accepted the message, but its code is valid. */
    state: text('state').$type<'pending' | 'undelivered' | 'withdrawn' | 'proved'>().notNull(),
    /** The contact to which the code was sent, masked as in the window. */
    destination: text('destination'),
    codeHmac: bytea('code_hmac'),
    codeKeyId: integer('code_key_id'),
    earlierCodes: earlierCodes(),
    /** The text that a passkey is asked to sign (domain/approval/signed-text.ts), and the nonce before it. */
    request: text('request'),
    nonce: bytea('nonce'),
    /** The signature, which proves what was approved. */
    evidence: jsonb('evidence').$type<Exclude<Evidence, { kind: 'jws' }>>(),
    /** For a registration: the kinds of facts that were right, and when. */
    facts: text('facts').array().$type<readonly Fact[]>(),
    factsProvedAt: at('facts_proved_at'),
    /**
     * What was typed last, encrypted, so that it can be corrected: the new contact of a registration, or a code. Deleted
     * when the challenge ends.
     */
    draft: text('draft'),
    begunAt: at('begun_at').notNull(),
    provedAt: at('proved_at'),
  },
  table => [primaryKey({ columns: [table.challengeId, table.method] })],
)

/**
 * A request to approve a payment on an approval device, begun by a challenge. The rules are in
 * domain/approval/request.ts.
 */
export const approvalRequests = pgTable(
  'approval_requests',
  {
    id: uuid('id').primaryKey(),
    challengeId: uuid('challenge_id').notNull(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** What the device shows and signs, with the number that only the window shows. */
    content: jsonb('content').$type<RequestContent>().notNull(),
    /** Random; part of what is signed, so that a signature is valid for this request alone. */
    nonce: bytea('nonce').notNull(),
    state: text('state').$type<RequestState>().notNull(),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    endedAt: at('ended_at'),
    /** The device that answered. */
    deviceId: uuid('device_id').references(() => approvalDevices.id, { onDelete: 'set null' }),
    /** The signature of an approval, with the key that it verifies under. */
    evidence: jsonb('evidence').$type<Evidence>(),
  },
  table => [
    // One request at a time, so that a cardholder never approves one payment while looking at another.
    uniqueIndex('approval_requests_open').on(table.cardholderId).where(sql`${table.endedAt} is null`),
    index('approval_requests_cardholder').on(table.cardholderId, table.createdAt),
    index('approval_requests_challenge').on(table.challengeId),
    index('approval_requests_device').on(table.deviceId).where(sql`${table.deviceId} is not null`),
  ],
)

/** The secure channel to the SDK of an app. One row for each challenge of the app channel. */
export const appChannels = pgTable(
  'app_channels',
  {
    challengeId: uuid('challenge_id').primaryKey(),
    /** In the received case (upper or lower). */
    sdkTransID: text('sdk_trans_id').notNull(),
    /** The key agreed with the SDK, encrypted; null after the last message has been sent. */
    secret: text('secret'),
    /** The counters that the next CReq must have, and that the next CRes will have. */
    sdkCounter: smallint('sdk_counter').notNull().default(0),
    acsCounter: smallint('acs_counter').notNull().default(0),
    /** acsRenderingType of the ARes. */
    rendering: jsonb('rendering').$type<Rendering>().notNull(),
    /** acsUiType of the screen shown last, which the next CReq answers. */
    shown: text('shown').$type<UiType>(),
  },
  // Few rows still have a key, so a partial index is small.
  table => [index('app_channels_secret').on(table.challengeId).where(sql`${table.secret} is not null`)],
)

/** What the 3DS Method saw of a browser, kept until its AReq arrives. */
export const methodResults = pgTable(
  'method_results',
  {
    threeDSServerTransID: uuid('three_ds_server_trans_id').primaryKey(),
    /**
     * Digest of the browser's identifier and of the site that embedded the 3DS Method; null if the browser has no
     * identifier.
     */
    deviceDigest: bytea('device_digest'),
    userAgentDigest: bytea('user_agent_digest').notNull(),
    /** Minutes, in the format of browserTZ; null if no script ran. */
    timeZone: text('time_zone'),
    createdAt: at('created_at').notNull(),
  },
  table => [index('method_results_created_at').on(table.createdAt)],
)

/** Browsers in which the cardholder of a card has succeeded. */
export const cardBrowsers = pgTable(
  'card_browsers',
  {
    cardId: uuid('card_id')
      .notNull()
      .references(() => cards.id, { onDelete: 'cascade' }),
    deviceDigest: bytea('device_digest').notNull(),
    /** When the cardholder last succeeded in it. */
    seenAt: at('seen_at').notNull(),
    /** When the cardholder first succeeded in it. Null if that was not recorded; then `seenAt` is used. */
    firstSeenAt: at('first_seen_at'),
    /** By which method the cardholder last succeeded in it; null if that was not recorded. */
    method: text('method').$type<MethodId>(),
  },
  table => [
    primaryKey({ columns: [table.cardId, table.deviceDigest] }),
    index('card_browsers_seen_at').on(table.seenAt),
  ],
)

/** Merchants that a cardholder trusts: payments there pass without a challenge up to a higher amount. */
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
    /** The name in the AReq when the merchant became trusted. */
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
