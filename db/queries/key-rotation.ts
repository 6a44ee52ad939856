import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { database } from '../client.ts'
import { accounts, cardholders, cards, contactChanges, contacts, preferences, proofFacts } from '../schema.ts'

// Re-encrypts values under another key. A row is only updated if it still has the value that was read, so a change made
// in between is kept, and a second run finds nothing to do.

interface Place {
  readonly table: PgTable
  readonly id: PgColumn
  readonly owner: PgColumn
  /** The encrypted value. */
  readonly value: PgColumn
  /** What the value is bound to besides its owner. */
  readonly kind?: PgColumn
  /** The HMAC by which the value is looked up, and the id of its key. */
  readonly hmac?: { readonly hmac: PgColumn; readonly keyId: PgColumn }
}

/** Every column with encrypted values that are kept. Columns whose values expire within the hour are not listed. */
const places = {
  cardholders: { table: cardholders, id: cardholders.id, owner: cardholders.id, value: cardholders.names },
  contacts: {
    table: contacts,
    id: contacts.id,
    owner: contacts.cardholderId,
    value: contacts.value,
    kind: contacts.kind,
    hmac: { hmac: contacts.valueHmac, keyId: contacts.valueKeyId },
  },
  contactChanges: {
    table: contactChanges,
    id: contactChanges.id,
    owner: contactChanges.cardholderId,
    value: contactChanges.value,
    kind: contactChanges.kind,
  },
  accounts: {
    table: accounts,
    id: accounts.cardholderId,
    owner: accounts.cardholderId,
    value: accounts.signInEmail,
    hmac: { hmac: accounts.signInHmac, keyId: accounts.signInKeyId },
  },
  preferences: {
    table: preferences,
    id: preferences.cardholderId,
    owner: preferences.cardholderId,
    value: preferences.personalMessage,
  },
} satisfies Readonly<Record<string, Place>>

export type EncryptedColumn = keyof typeof places
export const encryptedColumns = Object.keys(places) as readonly EncryptedColumn[]

/** The ids of the keys in use. */
export interface InUse {
  readonly encrypt: number
  readonly hmac: number
}

export interface EncryptedRow {
  readonly id: string
  readonly owner: string
  readonly kind: 'email' | 'mobile' | null
  readonly value: string
}

/** Rows after `after`, ordered by id, with a value under a key that is not in use. */
export async function rowsUnderOtherKeys(
  name: EncryptedColumn,
  inUse: InUse,
  after: string | undefined,
  most: number,
): Promise<EncryptedRow[]> {
  const { table, id, owner, value, kind }: Place = places[name]
  return await database().execute<EncryptedRow & Record<string, unknown>>(
    sql`select ${id} as id, ${owner} as owner, ${kind ?? sql`null`} as kind, ${value} as value from ${table}
      where ${isUnderOther(name, inUse)} ${after === undefined ? sql`` : sql`and ${id} > ${after}`}
      order by ${id} limit ${most}`,
  )
}

export async function countUnderOtherKeys(name: EncryptedColumn, inUse: InUse): Promise<number> {
  return count(places[name].table, isUnderOther(name, inUse))
}

function isUnderOther(name: EncryptedColumn, inUse: InUse): SQL {
  const { value, hmac }: Place = places[name]
  const encryptedOtherwise = sql`${value} not like ${`1.${inUse.encrypt}.%`}`
  // A deleted value, such as that of an ended change, is empty.
  return hmac
    ? sql`${value} like '1.%' and (${encryptedOtherwise} or ${hmac.keyId} <> ${inUse.hmac})`
    : sql`${value} like '1.%' and ${encryptedOtherwise}`
}

export interface RenewedRow {
  readonly id: string
  readonly before: string
  readonly value: string
  /** Hexadecimal; for places that have an HMAC. */
  readonly hmac?: string
}

/** Replaces the values that were read. Returns how many were still unchanged. */
export async function renewRows(
  name: EncryptedColumn,
  rows: readonly RenewedRow[],
  hmacKeyId: number,
): Promise<number> {
  const { table, id, value, hmac }: Place = places[name]
  const withHmac = hmac
    ? sql`, ${sql.identifier(hmac.hmac.name)} = decode(renewed.hmac, 'hex'), ${sql.identifier(hmac.keyId.name)} = ${hmacKeyId}`
    : sql``
  const done = await database().execute(
    sql`update ${table} set ${sql.identifier(value.name)} = renewed.value ${withHmac}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as renewed(id uuid, before text, value text, hmac text)
      where ${id} = renewed.id and ${value} = renewed.before returning 1`,
  )
  return done.length
}

/**
 * Counts cards whose HMAC is not under the key in use. Only the issuer's list can renew the HMACs of cards and facts.
 */
export function countCardsUnderOtherKeys(inUse: number): Promise<number> {
  return count(cards, sql`${cards.numberKeyId} <> ${inUse}`)
}

export function countFactsUnderOtherKeys(inUse: number): Promise<number> {
  return count(proofFacts, sql`${proofFacts.keyId} <> ${inUse}`)
}

async function count(table: PgTable, where: SQL): Promise<number> {
  const [row] = await database().execute<{ count: number }>(
    sql`select count(*)::int as count from ${table} where ${where}`,
  )
  return row?.count ?? 0
}
