import { database, transaction } from '#db/client.ts'
import { isLasting } from '#db/deadlines.ts'
import {
  deleteRiskEvents,
  lockCards,
  lockRiskEvents,
  readRiskRows,
  type StoredRow,
  writeRiskRows,
} from '#db/queries/risk-history.ts'
import type { RiskEvent } from '#domain/risk/history/event.ts'
import { makeMemory } from '#domain/risk/history/memory.ts'
import { rowKeptUntil } from '#domain/risk/history/policy.ts'
import { day, emptyRows, type Keys, keysOf, type StoredKind } from '#domain/risk/history/rows.ts'
import { isWatchOnly } from '#domain/watch/event.ts'
import { now } from '../../platform/clock.ts'
import { config } from '../../platform/config.ts'
import { log } from '../../platform/log.ts'
import { watchEvents } from '../../watch/watch-events.ts'

/**
 * Folds up to `most` events into the rows that they concern, in one transaction, so that each event is folded exactly
 * once, whatever becomes of this process or of others. `read` gets their ids before. Returns whether more may be left.
 */
export async function foldEvents(most: number, read: (ids: readonly string[]) => void = () => {}): Promise<boolean> {
  const { risk } = config().issuer
  if (!risk) return false
  return transaction(async tx => {
    const stored = await lockRiskEvents(tx, most)
    if (stored.length === 0) return false
    read(stored.map(({ id }) => id))
    const keys = storedKeysOf(stored.map(({ event }) => event).filter(event => !isWatchOnly(event)))
    const cards = await lockCards(
      tx,
      keys.filter(({ kind }) => kind === 'card').map(({ key }) => key),
    )
    const memory = makeMemory()
    for (const { kind, key, row } of await readRiskRows(tx, keys)) memory.put(kind, key, row)
    const folded = stored.map(({ id, event }) =>
      isWatchOnly(event)
        ? { id, event, before: emptyRows, after: emptyRows }
        : { id, ...memory.fold(event, risk.rates) },
    )
    // Nothing is kept of a card that has been deleted.
    const rows = memory
      .all()
      .filter(isStored)
      .filter(({ kind, key }) => kind !== 'card' || cards.has(key))
    const [at, paymentsKeptFor] = [now(), config().retentionDays * day]
    await writeRiskRows(
      tx,
      rows.map(row => ({ ...row, keptUntil: rowKeptUntil(row.kind, at, paymentsKeptFor) })),
    )
    await watchEvents(tx, folded)
    await deleteRiskEvents(
      tx,
      stored.map(({ id }) => id),
    )
    return stored.length === most
  })
}

/**
 * Folds one round after the other. After one that failed, because it took too long or an event cannot be folded, the next
 * has half as many events. An event that fails alone, and would again, is dropped, so that it never stops the others.
 */
export function foldRounds(most: number): () => Promise<boolean> {
  let size = most
  return async () => {
    let ids: readonly string[] = []
    try {
      const more = await foldEvents(size, read => {
        ids = read
      })
      size = Math.min(size * 2, most)
      return more
    } catch (error) {
      const [id] = ids
      if (size > 1 || id === undefined || !isLasting(error)) {
        size = Math.max(Math.floor(size / 2), 1)
        throw error
      }
      await deleteRiskEvents(database(), [id])
      // Of an AReq it is the id of the authentication.
      log.error('history.event-dropped', { authenticationId: id, error })
      return true
    }
  }
}

/** The keys of all rows that events concern, each once. */
function storedKeysOf(events: readonly RiskEvent[]): Omit<StoredRow, 'row'>[] {
  const keys = new Map<string, Omit<StoredRow, 'row'>>()
  for (const event of events) {
    for (const [kind, key] of Object.entries(keysOf(event) satisfies Keys)) {
      if (key !== undefined && kind !== 'cardholder') keys.set(`${kind} ${key}`, { kind: kind as StoredKind, key })
    }
  }
  return [...keys.values()]
}

function isStored(row: ReturnType<ReturnType<typeof makeMemory>['all']>[number]): row is StoredRow {
  return row.kind !== 'cardholder'
}
