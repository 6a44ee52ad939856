import { transaction } from '#db/client.ts'
import { lockChallenge, toChallenge } from '#db/queries/challenges.ts'
import { deliveriesOf } from '#db/queries/outbox.ts'
import { updateProof } from '#db/queries/proofs.ts'
import { next } from '#domain/challenge/machine.ts'
import { methodIds, methods } from '#domain/methods/registry.ts'
import { methodsWithoutCode } from '../methods/available.ts'
import { now } from '../platform/clock.ts'
import { applyTransition } from './apply.ts'

/**
 * Reports to the state machine that no gateway accepts a challenge's code, by e-mail or by text message; the machine
 * decides when the challenge ends. The worker sends the result, so that a directory server that hangs does not delay
 * messages.
 */
export async function deliveryFailing(challengeId: string): Promise<void> {
  await transaction(async tx => {
    const row = await lockChallenge(tx, { id: challengeId })
    if (row?.state !== 'asking') return
    const all = await deliveriesOf(tx, challengeId, row.lastSentAt ?? 0)
    const deliveries = all.filter(({ kind }) => !row.lostContacts.some(channel => channel === kind))
    for (const method of methodIds) {
      const ofMethod = deliveries.filter(({ kind }) => kind === methods[method].channel)
      const isUndelivered = ofMethod.length > 0 && ofMethod.every(({ failedAt }) => failedAt)
      if (isUndelivered) await updateProof(tx, challengeId, method, { state: 'undelivered' })
    }
    if (deliveries.some(({ handedOverAt, failedAt }) => handedOverAt && !failedAt)) return
    // A message that is still waiting may yet be accepted.
    const final = deliveries.every(({ failedAt }) => failedAt)
    const at = now()
    const otherMethods = (await methodsWithoutCode(tx, row, at)).length > 0
    await applyTransition(tx, row, next(toChallenge(row), { kind: 'delivery-failing', final, otherMethods }, at), at)
  })
}
