import type { Queryable } from '#db/client.ts'
import { cardIdsOf, insertRiskEvents, type RiskEventRow, storedRiskOf } from '#db/queries/risk-history.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { RiskEvent } from '#domain/risk/history/event.ts'
import { resultOfChallenge } from '#domain/risk/history/results.ts'
import { config } from '../../platform/config.ts'
import { newId } from '../../platform/crypto.ts'
import { recordForWatch } from '../../watch/record.ts'
import { elementsOf } from './authentication.ts'

// Events of the history, written in the transaction of what happened. Without `risk` in the issuer's file there are none.

interface Ended {
  readonly id: string
  readonly acsTransID: string
  readonly cardId: string
}

/** Records the end of a challenge. */
export async function recordEnd(
  tx: Queryable,
  { id, acsTransID, cardId }: Ended,
  outcome: Outcome,
  at: number,
): Promise<void> {
  const result = config().issuer.risk && resultOfChallenge(outcome)
  const stored = result && (await storedRiskOf(tx, id))
  if (!result || !stored) return
  const { directoryServer, areq, risk, createdAt } = stored
  if (outcome === 'attempts-spent')
    await recordForWatch(tx, { kind: 'codes-wrong', at, card: cardId, network: risk?.network })
  const authentication = {
    kind: 'authentication',
    at: createdAt,
    id: acsTransID,
    card: cardId,
    cardholder: undefined,
    areq: elementsOf(areq),
    directoryServer,
    network: risk?.network,
    device: risk?.device,
  } as const
  await insertRiskEvents(tx, [eventRow({ kind: 'ended', at, authentication, result }, cardId, at)])
}

/** Records a report, of whatever kind, for every card of the cardholder. */
export async function recordReport(tx: Queryable, cardholderId: string, at: number): Promise<void> {
  if (!config().issuer.risk) return
  const cards = await cardIdsOf(tx, cardholderId)
  const reported = (card: string) => ({ kind: 'reported', at, card, cardholder: cardholderId }) as const
  await insertRiskEvents(
    tx,
    cards.map(card => eventRow(reported(card), card, at)),
  )
}

function eventRow(event: RiskEvent, cardId: string, at: number): RiskEventRow {
  return { id: newId(at), cardId, event, createdAt: at }
}
