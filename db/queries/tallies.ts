import { and, eq, inArray, lt, lte, or, sql } from 'drizzle-orm'
import type { AttemptBudget, Failures } from '#domain/account/attempts.ts'
import type { Client } from '#domain/challenge/card-limits.ts'
import { database, type Queryable } from '../client.ts'
import { consecutiveFailures, type TallyName, tallies } from '../schema.ts'
import { deleteSome } from './delete-some.ts'

/** What is counted, for which subject (an HMAC), and in which window. */
export interface TallyKey {
  readonly name: TallyName
  readonly subject: Buffer
  readonly beginsAt: number
}

/** Adds one in a separate statement and returns the new count. Two concurrent callers never get the same number. */
export async function addToTally(key: TallyKey): Promise<number> {
  const [count = 0] = await addToTallies(database(), [key], 1)
  return count
}

/**
 * Adds `by` to each count in one statement and returns the new counts in the order of the keys. The rows stay locked
 * until the transaction ends. All callers that count the same things must pass them in the same order, so that they
 * wait for each other but never deadlock.
 */
export async function addToTallies(tx: Queryable, keys: readonly TallyKey[], by: 0 | 1 | -1): Promise<number[]> {
  const rows = await tx
    .insert(tallies)
    .values(keys.map(key => ({ ...key, count: Math.max(by, 0) })))
    .onConflictDoUpdate({
      target: [tallies.name, tallies.subject, tallies.beginsAt],
      set: { count: sql`greatest(${tallies.count} + ${by}, 0)` },
    })
    .returning()
  return keys.map(key => rows.find(row => isOf(key, row))?.count ?? 0)
}

/** Reads counts without a lock. */
export async function readTallies(keys: readonly TallyKey[], tx: Queryable = database()): Promise<number[]> {
  const rows = await tx
    .select()
    .from(tallies)
    .where(or(...keys.map(isAt)))
  return keys.map(key => rows.find(row => isOf(key, row))?.count ?? 0)
}

function isAt({ name, subject, beginsAt }: TallyKey) {
  return and(eq(tallies.name, name), eq(tallies.subject, subject), eq(tallies.beginsAt, beginsAt))
}

function isOf(key: TallyKey, row: TallyKey): boolean {
  return row.name === key.name && row.subject.equals(key.subject)
}

/** Deletes counts. */
export async function clearTallies(tx: Queryable, keys: readonly TallyKey[]): Promise<void> {
  await tx.delete(tallies).where(or(...keys.map(isAt)))
}

/** Marks something once in a window. Returns whether this was the first time. */
export async function noteOnce(tx: Queryable, key: TallyKey): Promise<boolean> {
  const noted = await tx
    .insert(tallies)
    .values({ ...key, count: 1 })
    .onConflictDoNothing()
    .returning({ count: tallies.count })
  return noted.length > 0
}

export function purgeTallies(before: number, most: number): Promise<number> {
  return deleteSome(tallies, lt(tallies.beginsAt, before), tallies.beginsAt, most)
}

type Budget = AttemptBudget | Client

const none: Failures = { count: 0, lastAt: 0 }

/** The failures in a row, locked until the transaction ends. */
export async function lockFailures(tx: Queryable, subject: Buffer, budget: Budget, now: number): Promise<Failures> {
  const [row] = await tx
    .insert(consecutiveFailures)
    .values({ subject, budget, count: 0, lastAt: now })
    .onConflictDoUpdate({
      target: [consecutiveFailures.subject, consecutiveFailures.budget],
      set: { count: sql`${consecutiveFailures.count}` },
    })
    .returning()
  return row ? { count: row.count, lastAt: row.lastAt } : none
}

export async function readFailures(subject: Buffer, budget: Budget, tx: Queryable = database()): Promise<Failures> {
  const [row] = await tx.select().from(consecutiveFailures).where(isBudget(subject, budget))
  return row ? { count: row.count, lastAt: row.lastAt } : none
}

/** Counts a failure in a row. */
export async function addFailure(tx: Queryable, subject: Buffer, budget: Budget, now: number): Promise<void> {
  await tx
    .insert(consecutiveFailures)
    .values({ subject, budget, count: 1, lastAt: now })
    .onConflictDoUpdate({
      target: [consecutiveFailures.subject, consecutiveFailures.budget],
      set: { count: sql`${consecutiveFailures.count} + 1`, lastAt: now },
    })
}

function isBudget(subject: Buffer, budget: Budget) {
  return and(eq(consecutiveFailures.subject, subject), eq(consecutiveFailures.budget, budget))
}

/** Resets failures after a success, of one budget or of all. Returns whether any were counted. */
export async function clearFailures(tx: Queryable, subjects: readonly Buffer[], budget?: Budget): Promise<boolean> {
  const ofSubjects = inArray(consecutiveFailures.subject, [...subjects])
  const cleared = await tx
    .delete(consecutiveFailures)
    .where(budget ? and(ofSubjects, eq(consecutiveFailures.budget, budget)) : ofSubjects)
  return cleared.count > 0
}

export function purgeFailures(before: number, most: number): Promise<number> {
  return deleteSome(consecutiveFailures, lte(consecutiveFailures.lastAt, before), consecutiveFailures.lastAt, most)
}
