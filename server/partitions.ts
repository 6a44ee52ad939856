import { dropPartition, makePartition, partitioned, partitionsOf } from '#db/queries/partitions.ts'
import { monthsFrom } from '#domain/kernel/first-id.ts'
import { now } from './platform/clock.ts'
import { log } from './platform/log.ts'

/** Interval between two rounds, milliseconds. */
const every = 60 * 60 * 1000
/** This month and the two after it have partitions: a worker may be down for weeks before a month has none. */
const months = 3

/** Makes the partitions of this and the next months, for every partitioned table. */
export async function makePartitions(at: number): Promise<void> {
  for (const month of monthsFrom(at, months)) {
    for (const table of partitioned) {
      const result = await makePartition(table, month)
      if (result === 'rest') log.warn('partition.not-made', { kind: table })
    }
  }
}

/** Makes partitions ahead, at once and then every hour. */
export function partitionsAhead(): () => Promise<false> {
  let madeAt = 0
  return async () => {
    const at = now()
    if (Math.abs(at - madeAt) < every) return false
    await makePartitions(at)
    madeAt = at
    return false
  }
}

/** Drops the partitions in which nothing must be kept. Returns how many. */
export async function dropPartitions(): Promise<number> {
  let dropped = 0
  for (const table of partitioned) {
    for (const name of await partitionsOf(table)) if (await dropPartition(name)) dropped += 1
  }
  return dropped
}
