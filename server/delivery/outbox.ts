import { transaction } from '#db/client.ts'
import { lockChallenge, toChallenge } from '#db/queries/challenges.ts'
import {
  anyHandedOver,
  leaseDue,
  markFailed,
  markForLater,
  markHandedOver,
  type OutboxRow,
} from '#db/queries/outbox.ts'
import { next } from '#domain/challenge/machine.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { reportResult, resultLease, sendResult } from '../acs/report-result.ts'
import { saveStep } from '../acs/save-step.ts'
import { now } from '../platform/clock.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { type CodeEmail, sendEmail } from './email.ts'

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

/** One try to hand a code over; tried again until the code expires, never after. */
async function sendMessage(row: OutboxRow): Promise<void> {
  const expiresAt = row.expiresAt?.getTime() ?? 0
  if (row.body === null || expiresAt <= now()) return markFailed(row, now())
  const email = JSON.parse(await keys().open('outbox', row.body, row.id)) as CodeEmail
  const result = await sendEmail(email, row.id)
  const fields = { outboxId: row.id, kind: row.kind, tries: row.tries, acsTransID: row.acsTransID ?? '' }
  if (result.kind === 'handed-over') {
    await markHandedOver(row, now())
    log.info('message.handed-over', fields)
    return
  }
  const nextAt = nextTry(row, now())
  const final = result.kind === 'never' || nextAt >= expiresAt
  await (final ? markFailed(row, now()) : markForLater(row, nextAt))
  log.warn(final ? 'message.given-up' : 'message.not-handed-over', fields)
  if (row.acsTransID) await deliveryFailing(row.acsTransID, final)
}

/** The next try, and one just when patience ends: the machine is asked at each. */
function nextTry(row: OutboxRow, at: number): number {
  const planned = at + pauseAfter(policy.deliveryRetries, row.tries)
  const patienceEnds = row.createdAt.getTime() + policy.deliveryPatience
  return at < patienceEnds ? Math.min(planned, patienceEnds) : planned
}

/** A challenge whose code no gateway takes cannot go on for ever: the machine decides when it ends. */
async function deliveryFailing(acsTransID: string, final: boolean): Promise<void> {
  const ended = await transaction(async tx => {
    const row = await lockChallenge(tx, acsTransID)
    if (row?.state !== 'asking' || (await anyHandedOver(tx, acsTransID, row.lastSentAt?.getTime() ?? 0))) return false
    const at = now()
    const challenge = await saveStep(tx, row, next(toChallenge(row), { kind: 'delivery-failing', final }, at), at)
    return challenge.state === 'ended'
  })
  if (ended) await reportResult(acsTransID)
}
