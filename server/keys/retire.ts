import { database } from '#db/client.ts'
import { allFingerprints, deleteFingerprint, setDisused } from '#db/queries/key-fingerprints.ts'
import {
  countCardsUnderOtherKeys,
  countFactsUnderOtherKeys,
  countUnderOtherKeys,
  type EncryptedColumn,
  type EncryptedRow,
  encryptedColumns,
  type InUse,
  type RenewedRow,
  renewRows,
  rowsUnderOtherKeys,
} from '#db/queries/key-rotation.ts'
import { personalMessageContext } from '../account/personal-message.ts'
import { signInContext, signInHmacs } from '../account/sign-in-address.ts'
import { now } from '../platform/clock.ts'
import { type Purpose, purposes } from '../platform/key-ring.ts'
import { contactContext, contactHmacs, keys, namesContext } from '../platform/keys.ts'
import { endOf } from './lifetimes.ts'

/** Rows that are read, re-encrypted and written in one statement. */
const batchSize = 500

export interface Renewed {
  readonly place: EncryptedColumn
  readonly renewed: number
  /** Rows that no available key can decrypt; they stay as they are. */
  readonly unreadable: number
}

/** The state of a key that is not in use. */
export type OldKey = { readonly purpose: Purpose; readonly keyId: number } & (
  | { readonly kind: 'removable' }
  /** Values that expire by themselves are still under it. */
  | { readonly kind: 'waiting'; readonly until: number }
  /** Rows that only an import of the issuer's list renews, or that could not be read. */
  | { readonly kind: 'needed'; readonly rows: number }
)

/**
 * Re-encrypts and rehashes everything under the keys in use, row by row while the product runs, and says which older
 * keys can be removed. It can be stopped at any point; the next run continues where it was.
 */
export async function retireKeys(say: (place: Renewed) => void): Promise<OldKey[]> {
  const inUse = { encrypt: keyInUse('contact'), hmac: keyInUse('contact-lookup') }
  for (const place of encryptedColumns) say(await renewPlace(place, inUse))

  const counts = await Promise.all(encryptedColumns.map(place => countUnderOtherKeys(place, inUse)))
  const encrypted = counts.reduce((sum, rows) => sum + rows, 0)
  const remaining: Partial<Record<Purpose, number>> = {
    contact: encrypted,
    'contact-lookup': encrypted,
    'card-lookup': await countCardsUnderOtherKeys(keyInUse('card-lookup')),
    'proof-fact': await countFactsUnderOtherKeys(keyInUse('proof-fact')),
  }
  const old: OldKey[] = []
  for (const { purpose: name, keyId, disusedAt } of await allFingerprints()) {
    const purpose = purposes.find(known => known === name)
    if (!purpose || keyId === keyInUse(purpose)) continue
    const rows = remaining[purpose] ?? 0
    const since = disusedAt ?? now()
    await setDisused(purpose, keyId, rows > 0 ? null : since)
    const until = endOf(purpose, since)
    if (rows > 0) old.push({ purpose, keyId, kind: 'needed', rows })
    else if (now() < until) old.push({ purpose, keyId, kind: 'waiting', until })
    else if (keys().ids(purpose).includes(keyId)) old.push({ purpose, keyId, kind: 'removable' })
    else await deleteFingerprint(database(), purpose, keyId)
  }
  return old
}

function keyInUse(purpose: Purpose): number {
  const [first] = keys().ids(purpose)
  if (first === undefined) throw new Error(`no key for ${purpose}`)
  return first
}

async function renewPlace(place: EncryptedColumn, inUse: InUse): Promise<Renewed> {
  let [renewed, unreadable] = [0, 0]
  for (let after: string | undefined; ; ) {
    const rows = await rowsUnderOtherKeys(place, inUse, after, batchSize)
    const made = (await Promise.all(rows.map(row => renew(place, row)))).filter(row => row !== undefined)
    renewed += await renewRows(place, made, inUse.hmac)
    unreadable += rows.length - made.length
    after = rows.at(-1)?.id
    if (rows.length < batchSize) return { place, renewed, unreadable }
  }
}

async function renew(place: EncryptedColumn, row: EncryptedRow): Promise<RenewedRow | undefined> {
  const context = contextOf(place, row)
  let plain: string
  try {
    plain = await keys().decrypt('contact', row.value, context)
  } catch {
    return undefined
  }
  const [hmac] = await hmacsOf(place, row, plain)
  const value = await keys().encrypt('contact', plain, context)
  return { id: row.id, before: row.value, value, ...(hmac && { hmac: hmac.hmac.toString('hex') }) }
}

function contextOf(place: EncryptedColumn, { owner, kind }: EncryptedRow): string {
  switch (place) {
    case 'cardholders':
      return namesContext(owner)
    case 'contacts':
    case 'contactChanges':
      return contactContext(owner, kind ?? 'email')
    case 'accounts':
      return signInContext(owner)
    case 'preferences':
      return personalMessageContext(owner)
  }
}

async function hmacsOf(place: EncryptedColumn, { kind }: EncryptedRow, plain: string) {
  if (place === 'contacts') return contactHmacs(kind ?? 'email', plain)
  return place === 'accounts' ? signInHmacs(plain) : []
}
