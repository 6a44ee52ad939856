import { resultAddress } from '#db/queries/challenges.ts'
import { leaseResult, markForLater, markHandedOver, type OutboxRow } from '#db/queries/outbox.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { receive } from '#domain/emv/receive.ts'
import { rres } from '#domain/emv/rres.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { post } from '../platform/outbound.ts'

/** Longer than a try can take, so that no two senders have the same row. */
export const resultLease = policy.resultTimeout + 5000

/** Sends the result of a challenge that has just ended, unless somebody else is at it. Never throws. */
export async function reportResult(acsTransID: string): Promise<void> {
  try {
    const row = await leaseResult(acsTransID, now(), resultLease)
    if (row) await sendResult(row)
  } catch (error) {
    log.error('rreq.failed', { acsTransID, error })
  }
}

/** One try to hand a leased RReq over: settled by a valid RRes alone, otherwise tried again later, for ever. */
export async function sendResult(row: OutboxRow): Promise<void> {
  const acsTransID = row.acsTransID ?? ''
  const address = await resultAddress(acsTransID)
  const directoryServer = config().issuer.directoryServers.find(({ id }) => id === address?.directoryServer)
  const { dsTLS } = config()
  const answer = await post({
    url: address?.dsURL ?? '',
    hosts: directoryServer?.hosts ?? [],
    body: row.body ?? '',
    contentType: 'application/json; charset=utf-8',
    timeout: policy.resultTimeout,
    ...(dsTLS && { tls: { cert: dsTLS.cert, key: dsTLS.key } }),
  })
  if (answer.kind === 'answered' && answer.status === 200 && isReceipt(answer.body, row.body ?? '')) {
    await markHandedOver(row, now())
    log.info('rreq.delivered', { acsTransID, tries: row.tries })
    return
  }
  const at = now()
  await markForLater(row, at + pauseAfter(policy.resultRetries, row.tries))
  const fields = { acsTransID, tries: row.tries, outcome: answer.kind === 'failed' ? answer.why : 'no-valid-rres' }
  if (at - row.createdAt.getTime() >= policy.resultAlertAfter) log.error('rreq.undelivered-for-a-day', fields)
  else log.warn('rreq.not-delivered', fields)
}

/** An RRes to exactly this RReq: well formed, in its version, with its ids. */
function isReceipt(body: string, sent: string): boolean {
  const received = receive(body, { messageType: 'RRes', table: rres })
  if (received.kind === 'refused') return false
  const rreq = JSON.parse(sent) as Record<string, unknown>
  return (['messageVersion', 'threeDSServerTransID', 'dsTransID', 'acsTransID'] as const).every(
    name => String(received.message[name]).toLowerCase() === String(rreq[name]).toLowerCase(),
  )
}
