import { eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { OwnSection } from '#domain/account/own-data.ts'
import { database } from '../client.ts'
import {
  accounts,
  activationCodes,
  alerts,
  approvalDevices,
  approvalRequests,
  auditEvents,
  auditSubjects,
  authentications,
  cardBrowsers,
  cardholders,
  cards,
  challengeProofs,
  challenges,
  contactChanges,
  contacts,
  identities,
  identityReports,
  knownDevices,
  outbox,
  passkeys,
  preferences,
  proofFacts,
  reports,
  riskRows,
  sessions,
  trustedMerchants,
} from '../schema.ts'

const tables: Readonly<Record<OwnSection, PgTable>> = {
  accounts,
  activationCodes,
  alerts,
  approvalDevices,
  approvalRequests,
  auditEvents,
  authentications,
  cardBrowsers,
  cardholders,
  cards,
  challengeProofs,
  challenges,
  contactChanges,
  contacts,
  identities,
  identityReports,
  knownDevices,
  outbox,
  passkeys,
  preferences,
  proofFacts,
  reports,
  riskRows,
  sessions,
  trustedMerchants,
}

/**
 * All rows of one table that belong to a cardholder: by the cardholder's id, by one of their cards, or by a challenge
 * of one. Times are ISO 8601 in UTC.
 */
export async function ownRows(section: OwnSection, cardholderId: string): Promise<Record<string, unknown>[]> {
  const table = tables[section]
  const columns = getTableColumns(table)
  const rows = await database()
    .select()
    .from(table)
    .where(ownedBy(section, columns, cardholderId))
  return rows.map(row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readable(columns[name], value)])),
  )
}

function readable(column: PgColumn | undefined, value: unknown): unknown {
  return typeof value === 'number' && column?.getSQLType().startsWith('timestamp')
    ? new Date(value).toISOString()
    : value
}

function ownedBy(section: OwnSection, columns: Record<string, PgColumn>, cardholderId: string): SQL {
  const { id, cardholderId: owner, cardId, challengeId, subject, kind, key } = columns
  if (section === 'cardholders' && id) return eq(id, cardholderId)
  if (owner) return eq(owner, cardholderId)
  if (section === 'auditEvents' && subject) {
    const own = database()
      .select({ subject: auditSubjects.subject })
      .from(auditSubjects)
      .where(eq(auditSubjects.cardholderId, cardholderId))
    return inArray(subject, own)
  }
  if (section === 'riskRows' && kind && key) {
    const ofCards = database()
      .select({ key: sql`${cards.id}::text` })
      .from(cards)
      .where(eq(cards.cardholderId, cardholderId))
    return sql`${kind} = 'card' and ${inArray(key, ofCards)}`
  }
  const ownCards = database().select({ id: cards.id }).from(cards).where(eq(cards.cardholderId, cardholderId))
  if (cardId) return inArray(cardId, ownCards)
  if (!challengeId) throw new Error(`${section} has no column that names its cardholder`)
  const own = database().select({ id: challenges.id }).from(challenges).where(inArray(challenges.cardId, ownCards))
  return inArray(challengeId, own)
}
