import { z } from 'zod'
import { acknowledgeAlert, isAlert } from '#db/queries/alerts.ts'
import { isSigned } from '../messaging/gateways/signed-post.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'

export type AlertReceipt =
  | { readonly kind: 'taken' }
  /** The alert was acknowledged before. */
  | { readonly kind: 'repeated' }
  /** There is no such alert, or its nonce is another. */
  | { readonly kind: 'unknown' }
  /** Its signature is wrong or missing, under another key, or too old. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'malformed' }

const receipt = z.object({ id: z.uuid(), nonce: z.string().max(64), state: z.literal('acknowledged') })

/**
 * Handles the issuer's call-back that acknowledges an alert (docs/alerts.md), which is signed as the alert was. It
 * repeats the alert's nonce, so that a call-back is valid for one alert, once.
 */
export async function takeAlertReceipt(
  body: string,
  time: string,
  signature: string,
  keyId: string,
): Promise<AlertReceipt> {
  const { alertHook } = config()
  if (!alertHook || keyId !== alertHook.keyId || !isSigned(alertHook.secret, body, time, signature, now()))
    return refuse('foreign')
  const parsed = receipt.safeParse(parse(body))
  if (!parsed.success) return refuse('malformed')
  const { id, nonce } = parsed.data
  if (!(await acknowledgeAlert(id, nonce, now()))) return refuse((await isAlert(id, nonce)) ? 'repeated' : 'unknown')
  log.info('alert.acknowledged', { kind: id })
  return { kind: 'taken' }
}

function refuse<Kind extends AlertReceipt['kind']>(kind: Kind): { readonly kind: Kind } {
  log.warn('alert.receipt-refused', { why: kind })
  return { kind }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
