import { customType, timestamp } from 'drizzle-orm/pg-core'

// Times never come from the database: the clock moves in demo and tests.

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
export const at = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' })
