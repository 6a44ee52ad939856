import { transaction } from '#db/client.ts'
import { lockChallenge, toChallenge } from '#db/queries/challenges.ts'
import { deliveriesOf, markFailed, markForLater, markHandedOver, type OutboxRow } from '#db/queries/outbox.ts'
import { updateProof } from '#db/queries/proofs.ts'
import { next } from '#domain/challenge/machine.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { methodIds, methods } from '#domain/methods/registry.ts'
import { applyTransition } from '../challenge/apply.ts'
import { now } from '../platform/clock.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { sendEmail } from './email.ts'
import type { Hosts } from './hosts.ts'
import type { Message } from './message.ts'
import { sendSms } from './sms.ts'

/**
 * One try to hand a message over; tried again until it expires, never after. Answers whether the mail server or gateway
 * answered; undefined when it was not asked.
 */
export async function sendMessage(row: OutboxRow, hosts: Hosts): Promise<boolean | undefined> {
  const expiresAt = row.expiresAt?.getTime() ?? 0
  if (row.body === null || expiresAt <= now()) {
    await markFailed(row, now())
    return undefined
  }
  const message = JSON.parse(await keys().open('outbox', row.body, row.id)) as Message
  const result = await (row.kind === 'sms' ? sendSms(message, row.id, hosts) : sendEmail(message, row.id))
  const fields = {
    outboxId: row.id,
    kind: row.kind,
    template: row.template ?? '',
    tries: row.tries,
    acsTransID: row.acsTransID ?? '',
  }
  if (result.kind === 'handed-over') {
    await markHandedOver(row, now(), { gateway: result.gateway, gatewayRef: result.gatewayRef ?? null })
    log.info('message.handed-over', fields)
    return true
  }
  const nextAt = now() + pauseAfter(row.acsTransID ? policy.deliveryRetries : policy.messageRetries, row.tries)
  const final = result.kind === 'never' || nextAt >= expiresAt
  await (final ? markFailed(row, now()) : markForLater(row, nextAt))
  log.warn(final ? 'message.given-up' : 'message.not-handed-over', { ...fields, errorCode: result.why ?? '' })
  if (row.acsTransID) await deliveryFailing(row.acsTransID)
  return result.kind === 'never' || !result.silent
}

/**
 * A challenge whose code no gateway takes, by e-mail or by text message, cannot go on for ever: the machine decides when it
 * ends. The worker sends the result, so that a directory server that hangs holds up no message.
 */
export async function deliveryFailing(acsTransID: string): Promise<void> {
  await transaction(async tx => {
    const row = await lockChallenge(tx, acsTransID)
    if (row?.state !== 'asking') return
    const deliveries = await deliveriesOf(tx, acsTransID, row.lastSentAt?.getTime() ?? 0)
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
