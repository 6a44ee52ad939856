import { customType, jsonb } from 'drizzle-orm/pg-core'
import type { EarlierCode } from '#domain/code/one-time-code.ts'
import { toTimestamp } from '../timestamp.ts'

// Times never come from the database's clock, because demo and tests move the clock.

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
/**
 * An instant in milliseconds since the epoch. Statements that drizzle does not build must use `toTimestamp` and
 * `Date.parse` themselves.
 */
export const at = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: toTimestamp,
  fromDriver: Date.parse,
})
/** Codes for the same purpose that were sent before the valid one. */
export const earlierCodes = () => jsonb('earlier_codes').$type<readonly EarlierCode[]>().notNull().default([])
