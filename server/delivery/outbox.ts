import { transaction } from '#db/client.ts'
import { lockChallenge, toChallenge } from '#db/queries/challenges.ts'
import { deliveriesOf, leaseDue, markFailed, markForLater, markHandedOver, type OutboxRow } from '#db/queries/outbox.ts'
import { next } from '#domain/challenge/machine.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { reportResult, resultLease, sendResult } from '../acs/report-result.ts'
import { saveStep } from '../acs/save-step.ts'
import { now } from '../platform/clock.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { sendEmail } from './email.ts'
import type { Message } from './message.ts'
import { sendSms } from './sms.ts'

/** Longer than a mail server may take. */
const lease = Math.max(resultLease, 30_000)

/** Starts sending what is due of a kind, up to `most` at once. Answers one promise for each; none of them rejects. */
export async function startDue(kind: OutboxRow['kind'], most: number): Promise<Promise<void>[]> {
  if (most <= 0) return []
  const rows = await leaseDue(kind, now(), lease, most)
  return rows.map(row =>
    (row.kind === 'rreq' ? sendResult(row) : sendMessage(row)).catch(error =>
      log.error('outbox.failed', { outboxId: row.id, kind: row.kind, error }),
    ),
  )
}

/** One try to hand a message over; tried again until it expires, never after. */
async function sendMessage(row: OutboxRow): Promise<void> {
  const expiresAt = row.expiresAt?.getTime() ?? 0
  if (row.body === null || expiresAt <= now()) return markFailed(row, now())
  const message = JSON.parse(await keys().open('outbox', row.body, row.id)) as Message
  const result = await (row.kind === 'sms' ? sendSms : sendEmail)(message, row.id)
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
    return
  }
  const nextAt = nextTry(row, now())
  const final = result.kind === 'never' || nextAt >= expiresAt
  await (final ? markFailed(row, now()) : markForLater(row, nextAt))
  log.warn(final ? 'message.given-up' : 'message.not-handed-over', { ...fields, errorCode: result.why ?? '' })
  if (row.acsTransID) await deliveryFailing(row.acsTransID)
}

/** The next try, and one just when patience ends: the machine is asked at each. */
function nextTry(row: OutboxRow, at: number): number {
  if (!row.acsTransID) return at + pauseAfter(policy.messageRetries, row.tries)
  const planned = at + pauseAfter(policy.deliveryRetries, row.tries)
  const patienceEnds = row.createdAt.getTime() + policy.deliveryPatience
  return at < patienceEnds ? Math.min(planned, patienceEnds) : planned
}

/** A challenge whose code no gateway takes, by e-mail or by text message, cannot go on for ever: the machine decides when it ends. */
export async function deliveryFailing(acsTransID: string): Promise<void> {
  const ended = await transaction(async tx => {
    const row = await lockChallenge(tx, acsTransID)
    if (row?.state !== 'asking') return false
    const deliveries = await deliveriesOf(tx, acsTransID, row.lastSentAt?.getTime() ?? 0)
    if (deliveries.some(({ handedOverAt, failedAt }) => handedOverAt && !failedAt)) return false
    // What still waits may yet be taken.
    const final = deliveries.every(({ failedAt }) => failedAt)
    const at = now()
    const challenge = await saveStep(tx, row, next(toChallenge(row), { kind: 'delivery-failing', final }, at), at)
    return challenge.state === 'ended'
  })
  if (ended) await reportResult(acsTransID)
}
