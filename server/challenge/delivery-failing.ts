import { transaction } from '#db/client.ts'
import { lockChallenge, toChallenge } from '#db/queries/challenges.ts'
import { deliveriesOf } from '#db/queries/outbox.ts'
import { updateProof } from '#db/queries/proofs.ts'
import { next } from '#domain/challenge/machine.ts'
import { methodIds, methods } from '#domain/methods/registry.ts'
import { now } from '../platform/clock.ts'
import { applyTransition } from './apply.ts'

/**
 * A challenge whose code no gateway takes, by e-mail or by text message, cannot go on for ever: the machine decides when it
 * ends. The worker sends the result, so that a directory server that hangs holds up no message.
 */
export async function deliveryFailing(acsTransID: string): Promise<void> {
  await transaction(async tx => {
    const row = await lockChallenge(tx, acsTransID)
    if (row?.state !== 'asking') return
    const deliveries = await deliveriesOf(tx, acsTransID, row.lastSentAt ?? 0)
    for (const method of methodIds) {
      const ofMethod = deliveries.filter(({ kind }) => kind === methods[method].channel)
      const isUndelivered = ofMethod.length > 0 && ofMethod.every(({ failedAt }) => failedAt)
      if (isUndelivered) await updateProof(tx, acsTransID, method, { state: 'undelivered' })
    }
    if (deliveries.some(({ handedOverAt, failedAt }) => handedOverAt && !failedAt)) return
    // What still waits may yet be taken.
    const final = deliveries.every(({ failedAt }) => failedAt)
    const at = now()
    await applyTransition(tx, row, next(toChallenge(row), { kind: 'delivery-failing', final }, at), at)
  })
}
