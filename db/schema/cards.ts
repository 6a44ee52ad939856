import { sql } from 'drizzle-orm'
import { char, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import type { Change, ChangeOutcome, ContactKind } from '#domain/contact/change.ts'
import type { ReportAbout, Resolution } from '#domain/contact/report.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { CardStatus } from '#domain/risk/card-standing.ts'
import { at, bytea, earlierCodes } from './columns.ts'

// Cardholders, their cards and their contacts.

export const cardholders = pgTable('cardholders', {
  id: uuid('id').primaryKey(),
  /** The issuer's id of the cardholder. */
  issuerRef: text('issuer_ref').notNull().unique(),
  /** Encrypted JSON {kanji, kana, romaji}. */
  names: text('names').notNull(),
  language: text('language').$type<Language>().notNull(),
  /** Since when a report of the cardholder has been open. Payments are restricted until it is resolved. */
  reportOpenSince: at('report_open_since'),
  /**
   * While a report is open: everything added from this time on is in dispute, and only an older proof can resolve the
   * report.
   */
  disputedSince: at('disputed_since'),
  /** Wrong facts entered to register a contact in a window (domain/registration/facts.ts); the issuer resets them. */
  wrongFacts: smallint('wrong_facts').notNull().default(0),
  updatedAt: at('updated_at').notNull(),
})

export const cards = pgTable(
  'cards',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    /** HMAC of the card number. The number itself is not stored anywhere. */
    numberHmac: bytea('number_hmac').notNull(),
    numberKeyId: integer('number_key_id').notNull(),
    lastFour: char('last_four', { length: 4 }).notNull(),
    status: text('status').$type<CardStatus>().notNull(),
    /** The first instant at which the card is no longer valid. */
    expiresAt: at('expires_at').notNull(),
    /** When the limits on its codes were last lifted; only what was counted since is considered. */
    codesUnlockedAt: at('codes_unlocked_at'),
    updatedAt: at('updated_at').notNull(),
  },
  table => [uniqueIndex('cards_number_hmac').on(table.numberHmac), index('cards_cardholder').on(table.cardholderId)],
)

/**
 * Contacts with the period in which they are effective. The effective one is found by a query on the time; no job
 * switches it.
 */
export const contacts = pgTable(
  'contacts',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'email' | 'mobile'>().notNull(),
    /** Encrypted, bound to cardholder and kind. */
    value: text('value').notNull(),
    valueHmac: bytea('value_hmac').notNull(),
    valueKeyId: integer('value_key_id').notNull(),
    /** Where the contact came from. The issuer's list does not undo a later change by the cardholder. */
    source: text('source').$type<'issuer' | 'cardholder'>().notNull(),
    effectiveAt: at('effective_at').notNull(),
    endedAt: at('ended_at'),
    /** When it was registered in the window of a purchase, if it has not been confirmed by a stronger proof since. */
    provisionalSince: at('provisional_since'),
    /** Reported as not the cardholder's: it gets no more codes, and no earlier contact replaces it. */
    frozenAt: at('frozen_at'),
  },
  table => [index('contacts_cardholder').on(table.cardholderId, table.kind, table.effectiveAt)],
)

/** A change of a contact, from its request on. domain/contact/change.ts defines the states. */
export const contactChanges = pgTable(
  'contact_changes',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<ContactKind>().notNull(),
    state: text('state').$type<Change['state']>().notNull(),
    outcome: text('outcome').$type<ChangeOutcome>(),
    /** The new contact, encrypted in the same form as in `contacts`. */
    value: text('value').notNull(),
    /** The masked contact, for pages and notices after the value has been deleted. */
    masked: text('masked').notNull(),
    attempts: smallint('attempts').notNull(),
    sends: smallint('sends').notNull(),
    codeHmac: bytea('code_hmac'),
    codeKeyId: integer('code_key_id'),
    earlierCodes: earlierCodes(),
    codeExpiresAt: at('code_expires_at').notNull(),
    lastSentAt: at('last_sent_at').notNull(),
    requestedAt: at('requested_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    confirmedAt: at('confirmed_at'),
    effectiveAt: at('effective_at'),
    endedAt: at('ended_at'),
    /** When the cardholder reported it in the account as "this was not me". */
    reportedAt: at('reported_at'),
    /** The challenge in whose window it was requested; null for a change of the account. */
    challengeId: uuid('challenge_id'),
    /** The contact that the change created. */
    contactId: uuid('contact_id').references(() => contacts.id, { onDelete: 'set null' }),
  },
  table => [
    index('contact_changes_cardholder').on(table.cardholderId, table.requestedAt),
    index('contact_changes_challenge').on(table.challengeId).where(sql`${table.challengeId} is not null`),
    index('contact_changes_contact').on(table.contactId).where(sql`${table.contactId} is not null`),
  ],
)

/** A link or code with which the recipient of a notice reports a change as "this was not me": for one change, once. */
export const changeReports = pgTable(
  'change_reports',
  {
    /** SHA-256 of the token in the link, or the HMAC of the code in a text message. */
    digest: bytea('digest').primaryKey(),
    changeId: uuid('change_id')
      .notNull()
      .references(() => contactChanges.id, { onDelete: 'cascade' }),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
  },
  table => [index('change_reports_change').on(table.changeId)],
)

/** The same for an identity event (domain/account/identity-event.ts), such as a new device or an added passkey. */
export const identityReports = pgTable(
  'identity_reports',
  {
    /** SHA-256 of the token in the link, or the HMAC of the code in a text message. */
    digest: bytea('digest').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    event: text('event').$type<IdentityEvent>().notNull(),
    /** The alert of the watch that caused the notice: `alerts.id`. */
    alertId: uuid('alert_id'),
    happenedAt: at('happened_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
  },
  table => [index('identity_reports_cardholder').on(table.cardholderId)],
)

/** All "this was not me" reports, open and resolved. While one is open, `cardholders.reportOpenSince` is set too. */
export const reports = pgTable(
  'reports',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    about: text('about').$type<ReportAbout>().notNull(),
    reportedAt: at('reported_at').notNull(),
    resolvedAt: at('resolved_at'),
    /** Whether it was the cardholder after all, or has been dealt with. */
    resolution: text('resolution').$type<Resolution>(),
    resolvedBy: text('resolved_by').$type<'cardholder' | 'operator'>(),
  },
  table => [
    index('reports_cardholder').on(table.cardholderId, table.reportedAt),
    index('reports_open').on(table.reportedAt).where(sql`${table.resolvedAt} is null`),
  ],
)

/** Facts that the issuer knows and no checkout asks for, as HMACs under a key that is not in the database. */
export const proofFacts = pgTable(
  'proof_facts',
  {
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'debit-account' | 'date-of-birth'>().notNull(),
    hmac: bytea('hmac').notNull(),
    keyId: integer('key_id').notNull(),
  },
  table => [primaryKey({ columns: [table.cardholderId, table.kind] })],
)
