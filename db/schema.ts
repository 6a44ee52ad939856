import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  char,
  check,
  customType,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { DeviceKey } from '#domain/account/approval-device.ts'
import type { ConfirmationPurpose } from '#domain/account/confirmation.ts'
import type { EnrolmentStep } from '#domain/account/enrolment.ts'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import type { LimitName } from '#domain/account/policy.ts'
import type { SignInMethod } from '#domain/account/session.ts'
import type { Challenge, Language, Notice } from '#domain/challenge/machine.ts'
import type { CodeWay, Preference } from '#domain/challenge/ways.ts'
import type { Change, ChangeEnding, ContactKind } from '#domain/contact/change.ts'
import type { Rendering, UiType } from '#domain/emv/app-screens.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import type { AuthenticationMethod } from '#domain/emv/messages.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { CardStatus } from '#domain/risk/decide.ts'

// What is kept, why and for how long: docs/data.md. A picture: docs/schema.md.
// Times never come from the database: the clock moves in demo and tests.

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
const at = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' })

/** One row: what kind of installation this database belongs to. */
export const installation = pgTable(
  'installation',
  {
    only: smallint('only').primaryKey().default(1),
    stage: text('stage').$type<'production' | 'demo'>().notNull(),
  },
  table => [check('installation_one_row', sql`${table.only} = 1`)],
)

/** When a process of each role was last seen alive, by the database's own clock: processes have several, and the demo moves theirs. */
export const pulses = pgTable('pulses', {
  role: text('role').$type<'web' | 'ds' | 'worker'>().primaryKey(),
  at: at('at').notNull(),
})

export const cardholders = pgTable('cardholders', {
  id: uuid('id').primaryKey(),
  /** The issuer's own id of this person. */
  issuerRef: text('issuer_ref').notNull().unique(),
  /** Sealed JSON {kanji, kana, romaji}. */
  names: text('names').notNull(),
  language: text('language').$type<Language>().notNull(),
  /** Somebody said that a change was not theirs: payments ask for the strongest way there is until that is settled. */
  guardedAt: at('guarded_at'),
  updatedAt: at('updated_at').notNull(),
})

export const cards = pgTable(
  'cards',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** HMAC of the card number; the number itself is nowhere. */
    numberTag: bytea('number_tag').notNull(),
    numberKeyId: integer('number_key_id').notNull(),
    lastFour: char('last_four', { length: 4 }).notNull(),
    status: text('status').$type<CardStatus>().notNull(),
    /** First instant at which the card is no longer valid. */
    expiresAt: at('expires_at').notNull(),
    /** Wrong codes in a row, over all windows. */
    wrongCodes: integer('wrong_codes').notNull().default(0),
    lockedUntil: at('locked_until'),
    updatedAt: at('updated_at').notNull(),
  },
  table => [uniqueIndex('cards_number_tag').on(table.numberTag), index('cards_cardholder').on(table.cardholderId)],
)

/** Contacts with the times between which they are in force; the one in force is a query by time, never a job. */
export const contacts = pgTable(
  'contacts',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'email' | 'mobile'>().notNull(),
    /** Sealed; cardholder and kind are bound to it. */
    value: text('value').notNull(),
    valueTag: bytea('value_tag').notNull(),
    valueKeyId: integer('value_key_id').notNull(),
    /** Who said so last: the issuer's list does not undo what a cardholder has changed since. */
    source: text('source').$type<'issuer' | 'cardholder'>().notNull(),
    effectiveAt: at('effective_at').notNull(),
    endedAt: at('ended_at'),
    /** Reported as not the cardholder's own: it gets nothing any more, and nothing comes in its place. */
    frozenAt: at('frozen_at'),
  },
  table => [index('contacts_cardholder').on(table.cardholderId, table.kind, table.effectiveAt)],
)

/** A change of a contact, from the wish on. States and their meaning: domain/contact/change.ts. */
export const contactChanges = pgTable(
  'contact_changes',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<ContactKind>().notNull(),
    state: text('state').$type<Change['state']>().notNull(),
    ending: text('ending').$type<ChangeEnding>(),
    /** Sealed like a contact, to become one. */
    value: text('value').notNull(),
    /** Masked, for pages and notices once the value is gone. */
    masked: text('masked').notNull(),
    attempts: smallint('attempts').notNull(),
    sends: smallint('sends').notNull(),
    codeTag: bytea('code_tag'),
    codeKeyId: integer('code_key_id'),
    codeExpiresAt: at('code_expires_at').notNull(),
    lastSentAt: at('last_sent_at').notNull(),
    requestedAt: at('requested_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    confirmedAt: at('confirmed_at'),
    effectiveAt: at('effective_at'),
    endedAt: at('ended_at'),
    /** Its owner has said, in the account, that it was not them. */
    reportedAt: at('reported_at'),
    /** The contact that it has put in force. */
    contactId: uuid('contact_id').references(() => contacts.id, { onDelete: 'set null' }),
  },
  table => [index('contact_changes_cardholder').on(table.cardholderId, table.requestedAt)],
)

/** A link by which whoever got a notice says that a change was not theirs: one change, once. */
export const changeReports = pgTable(
  'change_reports',
  {
    /** SHA-256 of the token in the link. */
    digest: bytea('digest').primaryKey(),
    changeId: uuid('change_id')
      .notNull()
      .references(() => contactChanges.id, { onDelete: 'cascade' }),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
  },
  table => [index('change_reports_change').on(table.changeId)],
)

/** The same for what happened to a sign-in: a new device, a passkey or an approving device added or removed. */
export const identityReports = pgTable(
  'identity_reports',
  {
    /** SHA-256 of the token in the link. */
    digest: bytea('digest').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    event: text('event').$type<IdentityEvent>().notNull(),
    happenedAt: at('happened_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
  },
  table => [index('identity_reports_cardholder').on(table.cardholderId)],
)

/** Facts that the issuer knows and no checkout asks, as tags under a key that is not in the database. */
export const proofFacts = pgTable(
  'proof_facts',
  {
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'debit-account' | 'date-of-birth'>().notNull(),
    tag: bytea('tag').notNull(),
    keyId: integer('key_id').notNull(),
  },
  table => [primaryKey({ columns: [table.cardholderId, table.kind] })],
)

/** One authentication: an AReq, without whatever tells who somebody is, and its ARes. */
export const authentications = pgTable(
  'authentications',
  {
    acsTransID: uuid('acs_trans_id').primaryKey(),
    directoryServer: text('directory_server').notNull(),
    dsTransID: uuid('ds_trans_id').notNull(),
    /** HMAC of the AReq as received: the same one sent again gets the same answer. A bare hash would give the card number away. */
    areqTag: bytea('areq_tag').notNull(),
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

/** The asking of one authentication that was answered C, in a window, or D, apart from the shop. States and their meaning: domain/challenge/machine.ts. */
export const challenges = pgTable(
  'challenges',
  {
    acsTransID: uuid('acs_trans_id')
      .primaryKey()
      .references(() => authentications.acsTransID, { onDelete: 'cascade' }),
    /** Stands in the window's address; drawn when the first CReq comes. */
    windowKey: text('window_key').unique(),
    state: text('state').$type<Challenge['state']>().notNull(),
    ending: text('ending').$type<Ending>(),
    /** How the cardholder wants to be asked, as far as the device can show it. */
    preference: text('preference').$type<Preference>().notNull().default('codes'),
    notice: text('notice').$type<Notice>(),
    language: text('language').$type<Language>().notNull(),
    deadlineAt: at('deadline_at'),
    attempts: smallint('attempts').notNull(),
    sends: smallint('sends').notNull(),
    interactions: smallint('interactions').notNull(),
    /** To which contacts codes go. */
    way: text('way').$type<CodeWay>().notNull().default('both'),
    askedInAccount: boolean('asked_in_account').notNull().default(false),
    codeTag: bytea('code_tag'),
    codeKeyId: integer('code_key_id'),
    codeExpiresAt: at('code_expires_at'),
    lastSentAt: at('last_sent_at'),
    /** How the cardholder was asked last, once the challenge is over. */
    method: text('method').$type<AuthenticationMethod>(),
    /** Where the codes go, masked as the window shows it: e-mail address, mobile number, or both. */
    destination: text('destination'),
    destinationMobile: text('destination_mobile'),
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
    /** The browser that the 3DS Method saw before, if it gave itself a reference. */
    deviceTag: bytea('device_tag'),
    /** The AReq asked about the list of trusted merchants; the result answers. */
    trustAsked: boolean('trust_asked').notNull().default(false),
    /** The cardholder has ticked that the shop be trusted; it is once they have succeeded. */
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

/** What an app challenge has besides: how the SDK is spoken to. One row for each challenge of the app channel. */
export const appChannels = pgTable('app_channels', {
  acsTransID: uuid('acs_trans_id')
    .primaryKey()
    .references(() => challenges.acsTransID, { onDelete: 'cascade' }),
  /** As it came, upper or lower case. */
  sdkTransID: text('sdk_trans_id').notNull(),
  /** The key agreed on with the SDK, sealed; gone once the last message has left. */
  secret: text('secret'),
  /** The number that the next CReq must carry, and the one for the next CRes. */
  sdkCounter: smallint('sdk_counter').notNull().default(0),
  acsCounter: smallint('acs_counter').notNull().default(0),
  /** acsRenderingType as the ARes said it. */
  rendering: jsonb('rendering').$type<Rendering>().notNull(),
  /** acsUiType of the screen shown last, which the next CReq answers. */
  shown: text('shown').$type<UiType>(),
})

/** What the 3DS Method saw of a browser, until its AReq has come. */
export const methodResults = pgTable(
  'method_results',
  {
    threeDSServerTransID: uuid('three_ds_server_trans_id').primaryKey(),
    /** Hash of the browser's reference and of the site that it came from; null where it has none. */
    deviceTag: bytea('device_tag'),
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
    deviceTag: bytea('device_tag').notNull(),
    seenAt: at('seen_at').notNull(),
  },
  table => [primaryKey({ columns: [table.cardId, table.deviceTag] }), index('card_browsers_seen_at').on(table.seenAt)],
)

/** Shops that a cardholder trusts: a payment there may pass up to a higher amount. */
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
    /** As the AReq had it when the shop became trusted. */
    merchantName: text('merchant_name').notNull(),
    trustedAt: at('trusted_at').notNull(),
    removedAt: at('removed_at'),
  },
  table => [
    uniqueIndex('trusted_merchants_merchant')
      .on(table.cardholderId, table.directoryServer, table.acquirerBIN, table.acquirerMerchantID)
      .where(sql`${table.removedAt} is null`),
  ],
)

/** What must leave the house: written with the state that causes it, sent by whoever leases it. */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<'rreq' | 'email' | 'sms'>().notNull(),
    acsTransID: uuid('acs_trans_id').references(() => challenges.acsTransID, { onDelete: 'cascade' }),
    /** Whom a message is for. */
    cardholderId: uuid('cardholder_id').references(() => cardholders.id, { onDelete: 'cascade' }),
    /** What a message outside of a challenge belongs to: the code that it carries, the change that it tells of. */
    aboutId: uuid('about_id'),
    /** Which words a message has; clear, for nothing in it is anybody's. */
    template: text('template'),
    /** rreq: the JSON that leaves, byte for byte. Messages: sealed, and null once handed over, given up or expired. */
    body: text('body'),
    tries: integer('tries').notNull().default(0),
    nextAt: at('next_at').notNull(),
    leasedUntil: at('leased_until'),
    /** After this nothing is sent any more; a result never expires. */
    expiresAt: at('expires_at'),
    handedOverAt: at('handed_over_at'),
    /** Which gateway took it, and what it calls the message there, for whoever asks its operator. */
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
    index('outbox_due').on(table.nextAt).where(sql`${table.handedOverAt} is null and ${table.failedAt} is null`),
    index('outbox_challenge').on(table.acsTransID),
    index('outbox_about').on(table.aboutId),
    index('outbox_cardholder').on(table.cardholderId, table.createdAt),
  ],
)

/** A cardholder's enrolment in online services. */
export const accounts = pgTable(
  'accounts',
  {
    cardholderId: uuid('cardholder_id')
      .primaryKey()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** The sign-in address, sealed; it is nobody else's. Empty where the issuer's identity provider signs people in. */
    signInEmail: text('sign_in_email'),
    signInTag: bytea('sign_in_tag'),
    signInKeyId: integer('sign_in_key_id'),
    /** What authenticators know this person by: random, and says nothing. */
    userHandle: text('user_handle').notNull(),
    termsVersion: text('terms_version').notNull(),
    termsAcceptedAt: at('terms_accepted_at').notNull(),
    enrolledAt: at('enrolled_at').notNull(),
  },
  table => [uniqueIndex('accounts_sign_in_tag').on(table.signInTag)],
)

/** What a cardholder has chosen for themselves: the issuer's list says nothing of it. */
export const preferences = pgTable('preferences', {
  cardholderId: uuid('cardholder_id')
    .primaryKey()
    .references(() => cardholders.id, { onDelete: 'cascade' }),
  /** Of messages and of the window; null: as the issuer's list and the browser have it. */
  language: text('language').$type<Language>(),
  /** Sealed; bound to the cardholder. */
  greeting: text('greeting'),
  /** How payments are asked about; null: by a code. */
  asked: text('asked').$type<Preference>(),
  updatedAt: at('updated_at').notNull(),
})

/** Who somebody is at the issuer's identity provider. Never by e-mail address: those change hands. */
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
    // One subject a cardholder: a second one that claims to be the same person is refused.
    uniqueIndex('identities_cardholder').on(table.cardholderId, table.issuer),
  ],
)

/** Somebody signed in. The cookie names the row; idle and absolute limits live here. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** SHA-256 of the secret in the cookie; another one after each authentication. */
    secretDigest: bytea('secret_digest').notNull(),
    method: text('method').$type<SignInMethod>().notNull(),
    /** Browser and system by name, as its owner knows them. */
    device: text('device').notNull(),
    createdAt: at('created_at').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
    strongAt: at('strong_at'),
    endedAt: at('ended_at'),
    /** Its owner has said that it was not them. */
    reportedAt: at('reported_at'),
  },
  table => [index('sessions_cardholder').on(table.cardholderId, table.createdAt)],
)

/** Browsers in which a cardholder has signed in: from another one, its owner is told. */
export const knownDevices = pgTable(
  'known_devices',
  {
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** SHA-256 of what the browser keeps. */
    digest: bytea('digest').notNull(),
    lastSeenAt: at('last_seen_at').notNull(),
  },
  table => [primaryKey({ columns: [table.cardholderId, table.digest] })],
)

/** What somebody has typed into a form of the account, sealed, until it is sent rightly or its time is over. */
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

/** Codes of the letters with which enrolment begins, as tags. */
export const activationCodes = pgTable(
  'activation_codes',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    tag: bytea('tag').notNull(),
    keyId: integer('key_id').notNull(),
    /** Enrolments that began with it. */
    tries: smallint('tries').notNull().default(0),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    /** Used, or replaced by a newer letter. */
    endedAt: at('ended_at'),
  },
  table => [
    uniqueIndex('activation_codes_tag').on(table.tag),
    index('activation_codes_cardholder').on(table.cardholderId),
  ],
)

/** An enrolment under way in one browser. Steps and their order: domain/account/enrolment.ts. */
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
    /** The sign-in address to be, sealed. */
    email: text('email'),
    expiresAt: at('expires_at').notNull(),
  },
  table => [index('enrolments_expires_at').on(table.expiresAt)],
)

/** A code that went somewhere and has to come back in the same browser: sign-in, enrolment, confirming. */
export const confirmations = pgTable(
  'confirmations',
  {
    visit: bytea('visit').notNull(),
    purpose: text('purpose').$type<ConfirmationPurpose>().notNull(),
    /** Empty: nobody we know; the code went nowhere, and nothing tells so. */
    cardholderId: uuid('cardholder_id').references(() => cardholders.id, { onDelete: 'cascade' }),
    channel: text('channel').$type<'email' | 'sms'>().notNull(),
    /** Sealed; where the codes go. */
    destination: text('destination').notNull(),
    codeTag: bytea('code_tag').notNull(),
    codeKeyId: integer('code_key_id').notNull(),
    attempts: smallint('attempts').notNull(),
    sends: smallint('sends').notNull(),
    codeExpiresAt: at('code_expires_at').notNull(),
    lastSentAt: at('last_sent_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.visit, table.purpose] }),
    index('confirmations_expires_at').on(table.expiresAt),
  ],
)

/** How often something was tried in a window of time; whose it was stands there as a tag alone. */
export const tallies = pgTable(
  'tallies',
  {
    name: text('name').$type<LimitName>().notNull(),
    subject: bytea('subject').notNull(),
    beginsAt: at('begins_at').notNull(),
    count: integer('count').notNull(),
  },
  table => [
    primaryKey({ columns: [table.name, table.subject, table.beginsAt] }),
    index('tallies_begins_at').on(table.beginsAt),
  ],
)

/** Devices on which somebody approves payments in the issuer's app: docs/approval-devices.md. */
export const approvalDevices = pgTable(
  'approval_devices',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** What its owner calls it. */
    name: text('name').notNull(),
    /** What the app says it runs on. */
    platform: text('platform').notNull(),
    publicKey: jsonb('public_key').$type<DeviceKey>().notNull(),
    /** SHA-256 of the key (RFC 7638), base64url. */
    thumbprint: text('thumbprint').notNull(),
    createdAt: at('created_at').notNull(),
    lastUsedAt: at('last_used_at'),
    removedAt: at('removed_at'),
  },
  table => [
    uniqueIndex('approval_devices_thumbprint').on(table.thumbprint).where(sql`${table.removedAt} is null`),
    index('approval_devices_cardholder').on(table.cardholderId),
  ],
)

/** Codes by which a device pairs: one a cardholder, gone once used. */
export const pairingCodes = pgTable(
  'pairing_codes',
  {
    cardholderId: uuid('cardholder_id')
      .primaryKey()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** In which it was made; no other sees it. */
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    tag: bytea('tag').notNull(),
    keyId: integer('key_id').notNull(),
    /** Sealed, to be shown once more on the page. */
    code: text('code').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  table => [uniqueIndex('pairing_codes_tag').on(table.tag), index('pairing_codes_expires_at').on(table.expiresAt)],
)

export const passkeys = pgTable(
  'passkeys',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** As WebAuthn has it, base64url. */
    credentialId: text('credential_id').notNull().unique(),
    publicKey: bytea('public_key').notNull(),
    counter: bigint('counter', { mode: 'number' }).notNull(),
    transports: jsonb('transports').$type<readonly string[]>().notNull(),
    /** What its owner calls it. */
    name: text('name').notNull(),
    /** Kept in more than one place, by whoever made the device. */
    synced: boolean('synced').notNull(),
    createdAt: at('created_at').notNull(),
    lastUsedAt: at('last_used_at'),
    removedAt: at('removed_at'),
  },
  table => [index('passkeys_cardholder').on(table.cardholderId)],
)

/** Challenges for passkeys: each is answered once, in the browser that asked. */
export const passkeyChallenges = pgTable(
  'passkey_challenges',
  {
    visit: bytea('visit').notNull(),
    purpose: text('purpose').$type<'sign-in' | 'confirm' | 'register'>().notNull(),
    challenge: text('challenge').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.visit, table.purpose] }),
    index('passkey_challenges_expires_at').on(table.expiresAt),
  ],
)
