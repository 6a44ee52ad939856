import type { Queryable } from '#db/client.ts'
import { decisionsOf } from '#db/queries/alerts.ts'
import { addToTallies, noteOnce } from '#db/queries/tallies.ts'
import { windowOf } from '#domain/account/policy.ts'
import { hour, type Rows } from '#domain/risk/history/rows.ts'
import type { WatchEvent } from '#domain/watch/event.ts'
import { countedBy, type Hit, hitsOf } from '#domain/watch/rules.ts'
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
 * Watches events in the transaction that folds them, so that each is watched once: what it counts and its alert are saved
 * with it or not at all. What takes longer, the notice to the cardholder, is queued, and made by another transaction.
 */
export async function watchEvents(tx: Queryable, folded: readonly Folded[]): Promise<void> {
  if (!watches()) return
  const decisions = await decisionsOf(
    tx,
    folded.flatMap(({ id, event }) => (event.kind === 'authentication' && event.result === 'refused' ? [id] : [])),
  )
  // An attack finds the same thing with each event.
  const found = new Set<string>()
  for (const { id, ...observed } of folded) {
    const { event } = observed
    const counted = await count(tx, event)
    const decision = decisions.get(id)
    const known = { ...(counted !== undefined && { counted }), ...(decision !== undefined && { decision }) }
    for (const hit of hitsOf({ ...observed, ...known })) {
      const key = keyOf(hit, event.at)
      if (found.has(key)) continue
      found.add(key)
      await raise(tx, hit, event, event.kind === 'authentication' ? id : undefined)
    }
  }
}

function keyOf({ rule, subject, per }: Hit, at: number): string {
  return JSON.stringify([rule, subject.kind, subject.key, windowOf(per, at).beginsAt])
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
