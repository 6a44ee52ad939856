import { sql } from 'drizzle-orm'
import { char, index, integer, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import type { Change, ChangeOutcome, ContactKind } from '#domain/contact/change.ts'
import type { ReportAbout, Resolution } from '#domain/contact/report.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { CardStatus } from '#domain/risk/card-standing.ts'
import { at, bytea, earlierCodes } from './columns.ts'

// Whose cards, and by which contacts they are reached.

export const cardholders = pgTable('cardholders', {
  id: uuid('id').primaryKey(),
  /** The issuer's own id of this person. */
  issuerRef: text('issuer_ref').notNull().unique(),
  /** Encrypted JSON {kanji, kana, romaji}. */
  names: text('names').notNull(),
  language: text('language').$type<Language>().notNull(),
  /** The cardholder said that a change was not theirs: payments ask for the strongest way there is until that is settled. */
  reportOpenSince: at('report_open_since'),
  /** While a report is open: what was added from then on is in dispute, and only an older proof resolves it. */
  disputedSince: at('disputed_since'),
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
    numberHmac: bytea('number_hmac').notNull(),
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
  table => [uniqueIndex('cards_number_hmac').on(table.numberHmac), index('cards_cardholder').on(table.cardholderId)],
)

/** Contacts with the times between which they are effective; the one effective is a query by time, never a job. */
export const contacts = pgTable(
  'contacts',
  {
    id: uuid('id').primaryKey(),
    cardholderId: uuid('cardholder_id')
      .notNull()
      .references(() => cardholders.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'email' | 'mobile'>().notNull(),
    /** Encrypted; cardholder and kind are bound to it. */
    value: text('value').notNull(),
    valueHmac: bytea('value_hmac').notNull(),
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
    outcome: text('outcome').$type<ChangeOutcome>(),
    /** Encrypted like a contact, to become one. */
    value: text('value').notNull(),
    /** Masked, for pages and notices once the value is gone. */
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
    /** Its owner has said, in the account, that it was not them. */
    reportedAt: at('reported_at'),
    /** The contact that it has made effective. */
    contactId: uuid('contact_id').references(() => contacts.id, { onDelete: 'set null' }),
  },
  table => [
    index('contact_changes_cardholder').on(table.cardholderId, table.requestedAt),
    index('contact_changes_contact').on(table.contactId).where(sql`${table.contactId} is not null`),
  ],
)

/** A link by which the recipient of a notice reports a change as not theirs: one change, once. */
export const changeReports = pgTable(
  'change_reports',
  {
    /** SHA-256 of the token in the link, or the tag of a text message's code. */
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
    /** SHA-256 of the token in the link, or the tag of a text message's code. */
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

/** Each "this was not me", until it is resolved and after. While one is open, `cardholders` says so as well. */
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
    /** What was reported was the cardholder's own after all, or has been dealt with. */
    resolution: text('resolution').$type<Resolution>(),
    resolvedBy: text('resolved_by').$type<'cardholder' | 'operator'>(),
  },
  table => [
    index('reports_cardholder').on(table.cardholderId, table.reportedAt),
    index('reports_open').on(table.reportedAt).where(sql`${table.resolvedAt} is null`),
  ],
)

/** Facts that the issuer knows and no checkout asks, as tags under a key that is not in the database. */
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
