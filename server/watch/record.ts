import type { Queryable } from '#db/client.ts'
import { insertRiskEvents } from '#db/queries/risk-history.ts'
import type { WatchOnly } from '#domain/watch/event.ts'
import { newId } from '../platform/crypto.ts'
import { watches } from './watches.ts'

/**
 * Records an event that only the watch looks at, in the transaction of what happened. It has no card in its row, so that
 * no AReq reads it.
 */
export async function recordForWatch(tx: Queryable, event: WatchOnly): Promise<void> {
  if (!watches()) return
  await insertRiskEvents(tx, [{ id: newId(event.at), cardId: null, event, createdAt: event.at }])
}
