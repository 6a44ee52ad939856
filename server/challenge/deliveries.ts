import { database } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { deliveriesOf } from '#db/queries/outbox.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import { type CodeDelivery, codeDelivery } from '#domain/contact/delivery.ts'
import { type MethodId, methodIds, methods } from '#domain/methods/registry.ts'

/** How far the message with a challenge's code is. */
export interface Delivered {
  readonly method: MethodId
  readonly channel: Channel
  readonly state: CodeDelivery
}

/** Where the codes sent last are, in the order of the methods; without contacts that the cardholder has lost. */
export async function deliveriesNow(
  row: Pick<ChallengeRow, 'id' | 'lastSentAt' | 'lostContacts'>,
  at: number,
): Promise<Delivered[]> {
  const lastSentAt = row.lastSentAt ?? 0
  const sent = await deliveriesOf(database(), row.id, lastSentAt)
  return methodIds.flatMap(method => {
    const { channel } = methods[method]
    const delivery = sent.find(({ kind }) => kind === channel)
    if (!channel || !delivery || row.lostContacts.includes(channel)) return []
    return [{ method, channel, state: codeDelivery(delivery, lastSentAt + policy.deliverySlowAfter, at) }]
  })
}
