import { eq } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { authentications, cards, challenges } from '../schema.ts'
import { authenticationIdOf } from './evidence.ts'

export type DecidedRow = NonNullable<Awaited<ReturnType<typeof decidedRow>>>

/** What was decided about an AReq, what a risk policy said of it, and how its challenge ended. */
export async function decidedRow(tx: Queryable, acsTransID: string) {
  const id = await authenticationIdOf(tx, acsTransID)
  if (id === undefined) return undefined
  const [row] = await tx
    .select({
      id: authentications.id,
      decision: authentications.decision,
      ares: authentications.ares,
      risk: authentications.risk,
      createdAt: authentications.createdAt,
      cardId: authentications.cardId,
      lastFour: cards.lastFour,
      state: challenges.state,
      outcome: challenges.outcome,
      onDevice: challenges.onDevice,
    })
    .from(authentications)
    .leftJoin(cards, eq(cards.id, authentications.cardId))
    .leftJoin(challenges, eq(challenges.id, authentications.id))
    .where(eq(authentications.id, id))
  return row
}
