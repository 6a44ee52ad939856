import { customType, jsonb, timestamp } from 'drizzle-orm/pg-core'

// Times never come from the database: the clock moves in demo and tests.

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
/** A code that a newer one has replaced: its keyed hash, and whether it has been entered since. */
export interface EarlierCode {
  readonly keyId: number
  /** base64url */
  readonly tag: string
  readonly entered?: true
}
export const at = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' })
/** Codes sent before the valid one, for the same purpose. */
export const earlierCodes = () => jsonb('earlier_codes').$type<readonly EarlierCode[]>().notNull().default([])
