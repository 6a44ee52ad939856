import type { Queryable } from '#db/client.ts'
import { paymentOf } from '#db/queries/alerts.ts'
import { addToTallies, noteOnce } from '#db/queries/tallies.ts'
import { hour, type Rows } from '#domain/risk/history/rows.ts'
import type { WatchEvent } from '#domain/watch/event.ts'
import { countedBy, hitsOf, isRefusedAsUnusual } from '#domain/watch/rules.ts'
import { tallyKey } from '../platform/limits.ts'
import { raise } from './raise.ts'
import { watches } from './watches.ts'

/** An event of the history, with the rows before and after it. */
export interface Folded {
  /** Of an AReq the id of its authentication. */
  readonly id: string
  readonly event: WatchEvent
  readonly before: Rows
  readonly after: Rows
}

/**
 * Watches events in the transaction that folds them, so that each is watched once: what it counts, its alert and its
 * notice are saved with it or not at all.
 */
export async function watchEvents(tx: Queryable, folded: readonly Folded[]): Promise<void> {
  if (!watches()) return
  for (const { id, ...observed } of folded) {
    const { event } = observed
    const counted = await count(tx, event)
    const refusedAsUnusual =
      event.kind === 'authentication' &&
      event.result === 'refused' &&
      isRefusedAsUnusual((await paymentOf(tx, id))?.decision)
    for (const hit of hitsOf({ ...observed, ...(counted !== undefined && { counted }), refusedAsUnusual }))
      await raise(tx, hit, event, event.kind === 'authentication' ? id : undefined)
  }
}

/** Adds to the count of an event, and returns it. */
async function count(tx: Queryable, event: WatchEvent): Promise<number | undefined> {
  const by = countedBy(event)
  if (!by) return undefined
  const { name, subject, once } = by
  const key = await tallyKey(name, subject, hour, event.at)
  const again = once !== undefined && !(await noteOnce(tx, await tallyKey(name, `${subject}\0${once}`, hour, event.at)))
  const [counted = 0] = await addToTallies(tx, [key], again ? 0 : 1)
  return counted
}
