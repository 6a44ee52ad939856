import { customType, jsonb, timestamp } from 'drizzle-orm/pg-core'
import type { EarlierCode } from '#domain/code/one-time-code.ts'

// Times never come from the database: the clock moves in demo and tests.

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
export const at = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' })
/** Codes sent before the valid one, for the same purpose. */
export const earlierCodes = () => jsonb('earlier_codes').$type<readonly EarlierCode[]>().notNull().default([])
