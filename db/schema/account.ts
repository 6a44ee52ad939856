import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { DeviceKey } from '#domain/account/approval-device.ts'
import type { AttemptBudget } from '#domain/account/attempts.ts'
import type { ConfirmationPurpose } from '#domain/account/confirmation.ts'
import type { EnrolmentStep } from '#domain/account/enrolment.ts'
import type { LimitName } from '#domain/account/policy.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import type { DeviceKind, PushSubscription } from '#domain/approval/device.ts'
import type { Client } from '#domain/challenge/card-limits.ts'
import type { ChallengeLimit } from '#domain/challenge/policy.ts'
import type { SmsCap } from '#domain/contact/sms-caps.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { Preference } from '#domain/methods/selection.ts'
import type { Counted } from '#domain/watch/rules.ts'
import { cardholders } from './cards.ts'
import { at, bytea, earlierCodes } from './columns.ts'

// The cardholder's account: sign-in, authenticators and preferences.

/** A cardholder's enrolment in online services. */
export const accounts = pgTable(
  'accounts',
  {
    cardholderId: uuid('cardholder_id')
      .primaryKey()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /**
     * The sign-in address, encrypted; unique among accounts. Null if cardholders sign in with the issuer's identity
     * provider.
     */
    signInEmail: text('sign_in_email'),
    signInHmac: bytea('sign_in_hmac'),
    signInKeyId: integer('sign_in_key_id'),
    /** The WebAuthn user handle: random and without meaning. */
    userHandle: text('user_handle').notNull(),
    termsVersion: text('terms_version').notNull(),
    termsAcceptedAt: at('terms_accepted_at').notNull(),
    /** The newest version of the terms of whose coming the cardholder has been notified; empty: none. */
    termsAnnounced: text('terms_announced').notNull().default(''),
    enrolledAt: at('enrolled_at').notNull(),
  },
  table => [
    uniqueIndex('accounts_sign_in_hmac').on(table.signInHmac),
    index('accounts_terms_announced').on(table.termsAnnounced),
  ],
)

/** The cardholder's own preferences, which the issuer's list does not contain. */
export const preferences = pgTable('preferences', {
  cardholderId: uuid('cardholder_id')
    .primaryKey()
    .references(() => cardholders.id, { onDelete: 'cascade' }),
  /** The language of messages and the window; null: that of the issuer's list and the browser. */
  language: text('language').$type<Language>(),
  /** Encrypted; bound to the cardholder. */
  personalMessage: text('personal_message'),
  /** The preferred method for payments; null: none was chosen. */
  preferredMethod: text('preferred_method').$type<Preference>(),
  updatedAt: at('updated_at').notNull(),
})

/**
 * The cardholder's subject at the issuer's identity provider. Not linked by e-mail address, because addresses change
 * owners.
 */
export const identities = pgTable(
  'identities',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    linkedAt: at('linked_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.issuer, table.subject] }),
    // One subject per cardholder: a second one that claims to be the same cardholder is refused.
    uniqueIndex('identities_cardholder').on(table.cardholderId, table.issuer),
  ],
)

/** A session. The cookie contains its id; the idle and absolute time limits are computed from this row. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** SHA-256 of the secret in the cookie, which is replaced after each authentication. */
    secretDigest: bytea('secret_digest').notNull(),
    method: text('method').$type<SignInMethod>().notNull(),
    /** Browser and system by name. */
    device: text('device').notNull(),
    createdAt: at('created_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    strongAt: at('strong_at'),
    /**
     * Since when the account has had the means used at `strongAt`: a passkey, number, letter or link to the provider.
     */
    proofSince: at('proof_since'),
    endedAt: at('ended_at'),
    /** When the cardholder reported it as "this was not me". */
    reportedAt: at('reported_at'),
  },
  table => [index('sessions_cardholder').on(table.cardholderId, table.createdAt)],
)

/** Browsers in which a cardholder has signed in. The cardholder is notified of a sign-in from any other. */
export const knownDevices = pgTable(
  'known_devices',
  {
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** SHA-256 of the identifier that the browser stores. */
    digest: bytea('digest').notNull(),
    /** Null if the row is older than this column and the browser was not seen since. */
    firstSeenAt: at('first_seen_at'),
    lastSeenAt: at('last_seen_at').notNull(),
  },
  table => [primaryKey({ columns: [table.cardholderId, table.digest] })],
)

/**
 * The values that a cardholder typed into a form of the account, encrypted, until the form is accepted or they expire.
 */
export const drafts = pgTable(
  'drafts',
  {
    /** SHA-256 of the visit that the browser keeps. */
    visit: bytea('visit').notNull(),
    form: text('form').notNull(),
    body: text('body').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  table => [primaryKey({ columns: [table.visit, table.form] }), index('drafts_expires_at').on(table.expiresAt)],
)

/** HMACs of the codes in letters, with which enrolment begins. */
export const activationCodes = pgTable(
  'activation_codes',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    hmac: bytea('hmac').notNull(),
    keyId: integer('key_id').notNull(),
    /** How many enrolments have begun with it. */
    tries: smallint('tries').notNull().default(0),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    /** Used, or replaced by a newer letter. */
    endedAt: at('ended_at'),
  },
  table => [
    uniqueIndex('activation_codes_hmac').on(table.hmac),
    index('activation_codes_cardholder').on(table.cardholderId),
  ],
)

/** An unfinished enrolment in one browser. domain/account/enrolment.ts has the steps and their order. */
export const enrolments = pgTable(
  'enrolments',
  {
    /** SHA-256 of the visit that the browser keeps. */
    visit: bytea('visit').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    activationCodeId: uuid('activation_code_id')
      .notNull()
      .references(() => activationCodes.id, { onDelete: 'cascade' }),
    step: text('step').$type<EnrolmentStep>().notNull(),
    /** The chosen sign-in address, encrypted. */
    email: text('email'),
    expiresAt: at('expires_at').notNull(),
  },
  table => [
    index('enrolments_expires_at').on(table.expiresAt),
    index('enrolments_cardholder').on(table.cardholderId),
    index('enrolments_activation_code').on(table.activationCodeId),
  ],
)

/** A code that was sent and must be entered in the same browser: for sign-in, enrolment or strong authentication. */
export const confirmations = pgTable(
  'confirmations',
  {
    visit: bytea('visit').notNull(),
    purpose: text('purpose').$type<ConfirmationPurpose>().notNull(),
    /** Null if no cardholder has the address. Then no code was sent, but the pages do not reveal that. */
    cardholderId: uuid('cardholder_id').references(() => cardholders.id, { onDelete: 'cascade' }),
    channel: text('channel').$type<'email' | 'sms'>().notNull(),
    /** The contact that gets the codes, encrypted. */
    destination: text('destination').notNull(),
    codeHmac: bytea('code_hmac').notNull(),
    codeKeyId: integer('code_key_id').notNull(),
    earlierCodes: earlierCodes(),
    attempts: smallint('attempts').notNull(),
    sends: smallint('sends').notNull(),
    /** The message with the newest code, in the outbox. */
    messageId: uuid('message_id'),
    codeExpiresAt: at('code_expires_at').notNull(),
    lastSentAt: at('last_sent_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.visit, table.purpose] }),
    index('confirmations_expires_at').on(table.expiresAt),
    index('confirmations_cardholder').on(table.cardholderId).where(sql`${table.cardholderId} is not null`),
  ],
)

/** A limit of the account, a cap on text messages, or a mark that the alert of such a cap was raised. */
export type TallyName = LimitName | `challenge.${ChallengeLimit}` | `sms.${SmsCap}` | `sms-alarm.${SmsCap}` | Counted

/** How often something was tried in a time window. The subject is stored only as an HMAC. */
export const tallies = pgTable(
  'tallies',
  {
    name: text('name').$type<TallyName>().notNull(),
    subject: bytea('subject').notNull(),
    beginsAt: at('begins_at').notNull(),
    count: integer('count').notNull(),
  },
  table => [
    primaryKey({ columns: [table.name, table.subject, table.beginsAt] }),
    index('tallies_begins_at').on(table.beginsAt),
  ],
)

/**
 * Wrong codes in a row for one account or card since the last right one. The rules are in domain/account/attempts.ts and
 * domain/challenge/card-limits.ts.
 */
export const consecutiveFailures = pgTable(
  'consecutive_failures',
  {
    /** HMAC of the sign-in address, whether or not it has an account, of the cardholder, or of the card. */
    subject: bytea('subject').notNull(),
    budget: text('budget').$type<AttemptBudget | Client>().notNull(),
    count: integer('count').notNull(),
    lastAt: at('last_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.subject, table.budget] }),
    index('consecutive_failures_last_at').on(table.lastAt),
  ],
)

/** Devices on which a cardholder approves payments: docs/approval-devices.md. */
export const approvalDevices = pgTable(
  'approval_devices',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** `app`: the issuer's app, paired with a key of its own; `web`: our web app, registered with a passkey. */
    kind: text('kind').$type<DeviceKind>().notNull().default('app'),
    /** The cardholder's name for it. */
    name: text('name').notNull(),
    /** The platform, as the app reported it or the browser's name suggests. */
    platform: text('platform').notNull(),
    /** Of an app: the key that signs approvals. */
    publicKey: jsonb('public_key').$type<DeviceKey>(),
    /** SHA-256 of that key (RFC 7638), base64url. */
    thumbprint: text('thumbprint'),
    /** Of the web app: the passkey that signs approvals. */
    passkeyId: uuid('passkey_id').references(() => passkeys.id, { onDelete: 'cascade' }),
    /** Of the web app: SHA-256 of the secret in the device's cookie. */
    secretDigest: bytea('secret_digest'),
    /** Of the web app: where Web Push reaches it; null while notifications are off. */
    subscription: jsonb('subscription').$type<PushSubscription>(),
    /** Of an app: the time in its newest inquiry. An inquiry that is not newer was used before. */
    inquiredAt: at('inquired_at'),
    createdAt: at('created_at').notNull(),
    lastUsedAt: at('last_used_at'),
    removedAt: at('removed_at'),
  },
  table => [
    uniqueIndex('approval_devices_thumbprint').on(table.thumbprint).where(sql`${table.removedAt} is null`),
    uniqueIndex('approval_devices_secret').on(table.secretDigest),
    index('approval_devices_cardholder').on(table.cardholderId),
    index('approval_devices_endpoint')
      .on(sql`(${table.subscription}->>'endpoint')`)
      .where(sql`${table.subscription} is not null`),
    index('approval_devices_passkey').on(table.passkeyId),
  ],
)

/** Codes for pairing a device: one per cardholder, deleted when used. */
export const pairingCodes = pgTable(
  'pairing_codes',
  {
    cardholderId: uuid('cardholder_id')
      .primaryKey()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** The session in which it was made; it is shown in no other. */
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    hmac: bytea('hmac').notNull(),
    keyId: integer('key_id').notNull(),
    /** The code, encrypted, so that the page can show it again. */
    code: text('code').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  table => [
    uniqueIndex('pairing_codes_hmac').on(table.hmac),
    index('pairing_codes_expires_at').on(table.expiresAt),
    index('pairing_codes_session').on(table.sessionId),
  ],
)

export const passkeys = pgTable(
  'passkeys',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** The WebAuthn credential id, base64url. */
    credentialId: text('credential_id').notNull().unique(),
    publicKey: bytea('public_key').notNull(),
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: jsonb('transports').$type<readonly string[]>().notNull(),
    /** The cardholder's name for it. */
    name: text('name').notNull(),
    /** Whether it is backed up and synchronised by the platform (WebAuthn backup state). */
    synced: boolean('synced').notNull(),
    /** Whether it was made for secure payment confirmation: browsers let merchants' pages use no others. */
    confirmsPayments: boolean('confirms_payments').notNull().default(false),
    createdAt: at('created_at').notNull(),
    lastUsedAt: at('last_used_at'),
    removedAt: at('removed_at'),
  },
  table => [index('passkeys_cardholder').on(table.cardholderId)],
)

/** WebAuthn challenges: each is answered once, in the browser that requested it. */
export const passkeyChallenges = pgTable(
  'passkey_challenges',
  {
    visit: bytea('visit').notNull(),
    purpose: text('purpose').$type<'sign-in' | 'confirm' | 'register' | 'device'>().notNull(),
    challenge: text('challenge').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.visit, table.purpose] }),
    index('passkey_challenges_expires_at').on(table.expiresAt),
  ],
)
