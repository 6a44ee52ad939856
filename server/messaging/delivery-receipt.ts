import { z } from 'zod'
import { markDelivered, markUndelivered } from '#db/queries/outbox.ts'
import { deliveryFailing } from '../challenge/delivery-failing.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { isSigned } from './gateways/signed-post.ts'
import { isFromTwilio } from './gateways/twilio.ts'

export type Receipt =
  | { readonly kind: 'taken' }
  /** Its signature is wrong or missing. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'malformed' }

const httpReceipt = z.object({ id: z.uuid(), state: z.enum(['delivered', 'failed']) })

/**
 * Handles a delivery receipt of our own interface (docs/sms-gateway.md), which is signed as messages to the gateway
 * are.
 */
export async function takeHttpReceipt(body: string, time: string | undefined, signature: string | undefined) {
  const secret = config().smsHTTP?.secret
  if (!secret || !isSigned(secret, body, time, signature, now())) return foreign('http')
  const receipt = httpReceipt.safeParse(parse(body))
  if (!receipt.success) return { kind: 'malformed' } as const
  return settle('http', receipt.data.id, receipt.data.state)
}

/** https://www.twilio.com/docs/messaging/guides/track-outbound-message-status: sent at each change of state. */
export async function takeTwilioReceipt(id: string, body: string, signature: string | undefined): Promise<Receipt> {
  const fields = Object.fromEntries(new URLSearchParams(body))
  if (!isFromTwilio(signature ?? '', id, fields)) return foreign('twilio')
  switch (fields.MessageStatus) {
    case 'delivered':
      return settle('twilio', id, 'delivered')
    case 'failed':
    case 'undelivered':
      return settle('twilio', id, 'failed')
    default:
      return { kind: 'taken' }
  }
}

async function settle(gateway: string, id: string, state: 'delivered' | 'failed'): Promise<Receipt> {
  const row = await (state === 'delivered' ? markDelivered : markUndelivered)(id, now())
  if (!row) return { kind: 'taken' }
  log[state === 'failed' ? 'warn' : 'info'](`message.${state}`, { outboxId: id, gateway })
  if (state === 'failed' && row.challengeId) await deliveryFailing(row.challengeId)
  return { kind: 'taken' }
}

function foreign(gateway: string): Receipt {
  log.warn('receipt.refused', { gateway })
  return { kind: 'foreign' }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
