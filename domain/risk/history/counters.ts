import type { Instant } from '#domain/kernel/instant.ts'

// Counters of bounded size, updated one event at a time: what a row of a database can hold, and one statement can update.

/** A count or sum that halves with time. Undefined: nothing was counted yet. */
export type Decaying = { readonly value: number; readonly at: Instant } | undefined

export function decayed(counter: Decaying, halfLife: number, now: Instant): number {
  if (!counter) return 0
  // Events of several processes may come out of order: time never runs backwards.
  return counter.value * Math.exp((-Math.LN2 * Math.max(now - counter.at, 0)) / halfLife)
}

/** `most`: what it can hold, so that no one can fill it for weeks. */
export function add(
  counter: Decaying,
  by: number,
  halfLife: number,
  now: Instant,
  most = Number.POSITIVE_INFINITY,
): Decaying {
  return { value: Math.min(decayed(counter, halfLife, now) + by, most), at: Math.max(now, counter?.at ?? now) }
}

/** One thing that was seen, how often, and when first and last. */
export interface Seen {
  readonly key: string
  readonly count: number
  readonly first: Instant
  readonly last: Instant
}

/** Counts `key` in a list of at most `limit` things. What was not seen for the longest time is left out. */
export function see(list: readonly Seen[], key: string, limit: number, now: Instant): readonly Seen[] {
  const known = list.find(each => each.key === key)
  const others = list.filter(each => each !== known)
  if (!known && others.length >= limit) others.splice(oldest(others), 1)
  const { count = 0, first = now, last = now } = known ?? {}
  return [...others, { key, count: count + 1, first: Math.min(first, now), last: Math.max(last, now) }]
}

function oldest(list: readonly Seen[]): number {
  let index = 0
  for (const [i, { last }] of list.entries()) if (last < (list[index]?.last ?? last)) index = i
  return index
}

/** The share of a thing among all in the list: 0 if it was never seen; undefined if nothing was. */
export function shareOf(list: readonly Seen[], key: string): number | undefined {
  let [all, same] = [0, 0]
  for (const each of list) {
    all += each.count
    if (each.key === key) same = each.count
  }
  return all === 0 ? undefined : same / all
}

/** How many things in the list were seen since. At most the limit of the list. */
export function seenSince(list: readonly Seen[], since: Instant): number {
  return list.reduce((count, { last }) => (last >= since ? count + 1 : count), 0)
}

/**
 * The distribution of a card's amounts: the counts of 48 intervals, two for each doubling, from 1 to 12 million. An
 * older payment weighs less, so that the last fifty decide.
 */
export type Sketch = readonly number[]

const intervals = 48
const perDoubling = 2
const forgetting = 0.98

export function addAmount(sketch: Sketch, amount: number): Sketch {
  const index = Math.min(Math.max(Math.round(Math.log2(Math.max(amount, 1)) * perDoubling), 0), intervals - 1)
  return Array.from({ length: intervals }, (_, i) => (sketch[i] ?? 0) * forgetting + (i === index ? 1 : 0))
}

/** The base-2 logarithm of the amount below which a share of the payments lies; undefined of an empty sketch. */
export function quantile(sketch: Sketch, share: number): number | undefined {
  const total = sketch.reduce((sum, each) => sum + each, 0)
  if (total === 0) return undefined
  let below = 0
  for (const [i, count] of sketch.entries()) {
    // Within an interval the amounts are taken to be spread evenly.
    if (below + count >= share * total && count > 0) return (i - 0.5 + (share * total - below) / count) / perDoubling
    below += count
  }
  return undefined
}
