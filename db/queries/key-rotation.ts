import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { database } from '../client.ts'
import { accounts, cardholders, cards, contactChanges, contacts, preferences, proofFacts } from '../schema.ts'

// What is made anew under another key. A row is changed only while it still holds what was read: a change of a cardholder's
// that comes in between stays, and a second run finds nothing to do.

interface Place {
  readonly table: PgTable
  readonly id: PgColumn
  readonly owner: PgColumn
  /** The encrypted value. */
  readonly value: PgColumn
  /** What else the value is bound to. */
  readonly kind?: PgColumn
  /** The value's tag, by which it is looked up, and the key of it. */
  readonly hmac?: { readonly hmac: PgColumn; readonly keyId: PgColumn }
}

/** Every column whose encrypted value stays. What runs out within the hour is not here. */
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

/** The keys in use. */
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

/** Rows after `after`, in the order of their ids, that hold something under another key than those in use. */
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
  // A value that is gone, such as a change's that is over, is empty.
  return hmac
    ? sql`${value} like '1.%' and (${encryptedOtherwise} or ${hmac.keyId} <> ${inUse.hmac})`
    : sql`${value} like '1.%' and ${encryptedOtherwise}`
}

export interface RenewedRow {
  readonly id: string
  readonly before: string
  readonly value: string
  /** Hexadecimal; of places that have one. */
  readonly hmac?: string
}

/** Puts values in the place of those that were read. Answers how many were still there. */
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

/** Cards and facts whose tags only the issuer's list can make anew: how many are not under the key in use. */
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
