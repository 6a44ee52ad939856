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
  /** The sealed value. */
  readonly value: PgColumn
  /** What else the value is bound to. */
  readonly kind?: PgColumn
  /** The value's tag, by which it is looked up, and the key of it. */
  readonly tag?: { readonly tag: PgColumn; readonly keyId: PgColumn }
}

/** Every column whose sealed value stays. What runs out within the hour is not here. */
const places = {
  cardholders: { table: cardholders, id: cardholders.id, owner: cardholders.id, value: cardholders.names },
  contacts: {
    table: contacts,
    id: contacts.id,
    owner: contacts.cardholderId,
    value: contacts.value,
    kind: contacts.kind,
    tag: { tag: contacts.valueTag, keyId: contacts.valueKeyId },
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
    tag: { tag: accounts.signInTag, keyId: accounts.signInKeyId },
  },
  preferences: {
    table: preferences,
    id: preferences.cardholderId,
    owner: preferences.cardholderId,
    value: preferences.greeting,
  },
} satisfies Readonly<Record<string, Place>>

export type SealedPlace = keyof typeof places
export const sealedPlaces = Object.keys(places) as readonly SealedPlace[]

/** The keys in use. */
export interface InUse {
  readonly seal: number
  readonly tag: number
}

export interface SealedRow {
  readonly id: string
  readonly owner: string
  readonly kind: 'email' | 'mobile' | null
  readonly value: string
}

/** Rows after `after`, in the order of their ids, that hold something under another key than those in use. */
export async function rowsUnderOtherKeys(
  name: SealedPlace,
  inUse: InUse,
  after: string | undefined,
  most: number,
): Promise<SealedRow[]> {
  const { table, id, owner, value, kind }: Place = places[name]
  return await database().execute<SealedRow & Record<string, unknown>>(
    sql`select ${id} as id, ${owner} as owner, ${kind ?? sql`null`} as kind, ${value} as value from ${table}
      where ${isUnderOther(name, inUse)} ${after === undefined ? sql`` : sql`and ${id} > ${after}`}
      order by ${id} limit ${most}`,
  )
}

export async function countUnderOtherKeys(name: SealedPlace, inUse: InUse): Promise<number> {
  return count(places[name].table, isUnderOther(name, inUse))
}

function isUnderOther(name: SealedPlace, inUse: InUse): SQL {
  const { value, tag }: Place = places[name]
  const sealedOtherwise = sql`${value} not like ${`1.${inUse.seal}.%`}`
  // A value that is gone, such as a change's that is over, is empty.
  return tag
    ? sql`${value} like '1.%' and (${sealedOtherwise} or ${tag.keyId} <> ${inUse.tag})`
    : sql`${value} like '1.%' and ${sealedOtherwise}`
}

export interface RenewedRow {
  readonly id: string
  readonly before: string
  readonly value: string
  /** Hexadecimal; of places that have one. */
  readonly tag?: string
}

/** Puts values in the place of those that were read. Answers how many were still there. */
export async function renewRows(name: SealedPlace, rows: readonly RenewedRow[], tagKeyId: number): Promise<number> {
  const { table, id, value, tag }: Place = places[name]
  const withTag = tag
    ? sql`, ${sql.identifier(tag.tag.name)} = decode(renewed.tag, 'hex'), ${sql.identifier(tag.keyId.name)} = ${tagKeyId}`
    : sql``
  const done = await database().execute(
    sql`update ${table} set ${sql.identifier(value.name)} = renewed.value ${withTag}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as renewed(id uuid, before text, value text, tag text)
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
