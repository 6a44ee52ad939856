import { customType, jsonb } from 'drizzle-orm/pg-core'
import type { EarlierCode } from '#domain/code/one-time-code.ts'
import { toTimestamp } from '../timestamp.ts'

// Times never come from the database: the clock moves in demo and tests.

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
/** An instant in milliseconds since the epoch. Statements that drizzle does not build use `toTimestamp` and `Date.parse` as well. */
export const at = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: toTimestamp,
  fromDriver: Date.parse,
})
/** Codes sent before the valid one, for the same purpose. */
export const earlierCodes = () => jsonb('earlier_codes').$type<readonly EarlierCode[]>().notNull().default([])
