import { and, eq, exists, isNull, lt, ne, not, or, type SQL } from 'drizzle-orm'
import { alias, type PgColumn } from 'drizzle-orm/pg-core'
import { database } from '../client.ts'
import { appChannels, approvalRequests, authentications, challengeProofs, challenges, outbox } from '../schema.ts'
import { deleteSome, deleteSomeById } from './delete-some.ts'

// Removes payments whose retention has ended. `before` is the first id to keep.

const isWaiting = (rows: { readonly handedOverAt: PgColumn; readonly failedAt: PgColumn }) =>
  and(isNull(rows.handedOverAt), isNull(rows.failedAt))

/** The payment is over: its challenge, if it has one, has ended, and none of its messages waits to be sent. */
function isOver(id: PgColumn): SQL | undefined {
  const db = database()
  const [open, message] = [alias(challenges, 'open'), alias(outbox, 'message')]
  return and(
    not(
      exists(
        db
          .select({ id: open.id })
          .from(open)
          .where(and(eq(open.id, id), ne(open.state, 'ended'))),
      ),
    ),
    not(
      exists(
        db
          .select({ id: message.id })
          .from(message)
          .where(and(eq(message.challengeId, id), isWaiting(message))),
      ),
    ),
  )
}

/** Deletes up to `most` rows each of what belongs to challenges, so that their partitions can be dropped. */
export async function purgePartsOfChallenges(before: string, most: number): Promise<number[]> {
  const [proof, channel] = [challengeProofs.challengeId, appChannels.challengeId]
  const request = approvalRequests.challengeId
  return [
    await deleteSome(challengeProofs, and(lt(proof, before), isOver(proof)), proof, most),
    await deleteSome(appChannels, and(lt(channel, before), isOver(channel)), channel, most),
    await deleteSome(approvalRequests, and(lt(request, before), isOver(request)), request, most),
  ]
}

/** Deletes up to `most` authentications that are in no dropped partition, with their challenges and outbox rows. */
export function purgeAuthentications(before: string, most: number): Promise<number> {
  const { id } = authentications
  return deleteSomeById(authentications, id, and(lt(id, before), isOver(id)), most)
}

/** The same for sent messages outside challenges, and for those whose challenge has been dropped. */
export function purgeMessages(before: string, most: number): Promise<number> {
  const { id, challengeId } = outbox
  const owner = alias(challenges, 'owner')
  const owned = exists(database().select({ id: owner.id }).from(owner).where(eq(owner.id, challengeId)))
  const old = and(lt(id, before), not(and(isWaiting(outbox)) as SQL), or(isNull(challengeId), not(owned)))
  return deleteSomeById(outbox, id, old, most)
}
