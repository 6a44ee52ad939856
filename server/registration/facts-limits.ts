import type { Queryable } from '#db/client.ts'
import { addWrongFacts, forgetWrongFacts, wrongFactsOf } from '#db/queries/registrations.ts'
import { addToTallies, clearTallies, readTallies, type TallyKey } from '#db/queries/tallies.ts'
import { policy } from '#domain/challenge/policy.ts'
import { type FactsEntry, type FactsLimit, judgeFacts } from '#domain/registration/facts.ts'
import { type ClientOf, merchantKey } from '../challenge/card-limits.ts'
import { tallyKey } from '../platform/limits.ts'
import { log } from '../platform/log.ts'

// Counts tries at the facts of a cardholder. Each is counted as wrong before anything is compared, in a transaction that
// holds the cardholder's row, so that concurrent windows, however many, share the tries. The rule is in
// domain/registration/facts.ts.

type Key = readonly [FactsLimit, TallyKey]

/** A try that was counted as wrong. */
export interface CountedTry {
  readonly cardholderId: string
  readonly keys: readonly Key[]
}

/** Counts a try, unless a limit forbids it. The caller holds the lock on the cardholder's row. */
export async function countTry(
  tx: Queryable,
  cardholderId: string,
  row: ClientOf,
  at: number,
): Promise<CountedTry | undefined> {
  const keys = await keysOf(cardholderId, row, at)
  const before = (counts: readonly number[]) =>
    keys.map(([limit], index) => ({ limit, count: (counts[index] ?? 0) - 1 }))
  const wrongEver = (await addWrongFacts(tx, cardholderId, 1)) - 1
  // Counted first and given back if a limit forbids the try: the rows stay locked, so that no other try gets the same count.
  const counts = await addToTallies(
    tx,
    keys.map(([, key]) => key),
    1,
  )
  const counted = { cardholderId, keys }
  if (judgeFacts({ wrongEver, counted: before(counts) }, at).kind === 'permitted') {
    for (const [index, [limit]] of keys.entries())
      if (limit !== 'factsOfCardholder' && counts[index] === policy.limits[limit].most)
        log.warn('limit.reached', { kind: limit })
    return counted
  }
  await giveBack(tx, counted, 'try')
  return undefined
}

/**
 * Gives a counted try back: the facts were right, so it was not wrong (it stays one of the day's tries), or they were
 * not compared at all.
 */
export async function giveBack(
  tx: Queryable,
  { cardholderId, keys }: CountedTry,
  what: 'wrong' | 'try',
): Promise<void> {
  await addWrongFacts(tx, cardholderId, -1)
  const back = keys.filter(([limit]) => what === 'try' || limit !== 'factsOfCardholder')
  await addToTallies(
    tx,
    back.map(([, key]) => key),
    -1,
  )
}

/** Whether facts of a cardholder may be entered now, for a page or an offer; without `row` from anywhere. */
export async function factsEntry(
  tx: Queryable,
  cardholderId: string,
  row: ClientOf | undefined,
  at: number,
): Promise<FactsEntry> {
  const keys = row ? await keysOf(cardholderId, row, at) : await keysAnywhere(cardholderId, at)
  const counts = await readTallies(
    keys.map(([, key]) => key),
    tx,
  )
  const counted = keys.map(([limit], index) => ({ limit, count: counts[index] ?? 0 }))
  return judgeFacts({ wrongEver: await wrongFactsOf(tx, cardholderId), counted }, at)
}

/** The issuer has made sure that it is the cardholder who asks. */
export async function allowFacts(tx: Queryable, cardholderId: string, at: number): Promise<void> {
  await forgetWrongFacts(tx, cardholderId)
  await clearTallies(tx, [await keyOf('factsOfCardholder', cardholderId, at)])
}

/** Always in the same order, so that transactions that count the same things wait for each other and never deadlock. */
async function keysOf(cardholderId: string, row: ClientOf, at: number): Promise<Key[]> {
  const [own, all] = await keysAnywhere(cardholderId, at)
  const places: Key[] = []
  if (row.networkHmac)
    places.push(['factsFromNetwork', await keyOf('factsFromNetwork', row.networkHmac.toString('hex'), at)])
  places.push(['factsAtMerchant', await keyOf('factsAtMerchant', merchantKey(row), at)])
  return [own, ...places, all]
}

async function keysAnywhere(cardholderId: string, at: number): Promise<[Key, Key]> {
  return [
    ['factsOfCardholder', await keyOf('factsOfCardholder', cardholderId, at)],
    ['factsOfDeployment', await keyOf('factsOfDeployment', '', at)],
  ]
}

function keyOf(limit: FactsLimit, subject: string, at: number): Promise<TallyKey> {
  return tallyKey(`challenge.${limit}`, subject, policy.limits[limit].window, at)
}
