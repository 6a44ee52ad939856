import { policy } from '#domain/challenge/policy.ts'
import { now } from '../../platform/clock.ts'
import { config } from '../../platform/config.ts'
import { hmacSha256, sameBytes } from '../../platform/crypto.ts'
import { gotNoAnswer, post } from '../../platform/outbound.ts'
import type { HandedOver } from '../handed-over.ts'
import type { Sms } from './text-message.ts'

// The interface for issuers that have a gateway of their own: docs/sms-gateway.md.

const timeHeader = 'x-signature-time'
const signatureHeader = 'x-signature'

/** How far the signer's clock may differ from ours, in milliseconds. */
const signatureLife = 5 * 60 * 1000

/**
 * Statuses after which the message is not tried again, because the gateway cannot send it. Any other failure may be
 * temporary.
 */
const final = new Set([400, 404, 410, 413, 422])

export async function httpGateway(sms: Sms): Promise<HandedOver> {
  const gateway = config().smsHTTP
  if (!gateway) return { kind: 'never' }
  const body = JSON.stringify(sms)
  const answer = await post({
    url: gateway.url,
    hosts: [new URL(gateway.url).host],
    ours: true,
    body,
    contentType: 'application/json; charset=utf-8',
    headers: signed(gateway.secret, body, now()),
    timeout: policy.smsTimeout,
  })
  if (answer.kind !== 'answered') return { kind: 'later', why: answer.why, silent: gotNoAnswer(answer) }
  // 409: the gateway already has this message, from an attempt whose response was lost.
  if ((answer.status >= 200 && answer.status < 300) || answer.status === 409) {
    return { kind: 'handed-over', gateway: 'http', gatewayRef: sms.id }
  }
  return { kind: final.has(answer.status) ? 'never' : 'later', why: String(answer.status) }
}

/** The headers that prove who sent a body and when. */
export function signed(secret: string, body: string, at: number): Record<string, string> {
  const time = String(Math.floor(at / 1000))
  return { [timeHeader]: time, [signatureHeader]: `v1=${signature(secret, time, body)}` }
}

/** Whether a body was signed with our secret within `signatureLife`. */
export function isSigned(
  secret: string,
  body: string,
  time: string | undefined,
  given: string | undefined,
  at: number,
): boolean {
  if (!time || !given || !/^\d{1,12}$/.test(time) || Math.abs(at - Number(time) * 1000) > signatureLife) return false
  return sameBytes(Buffer.from(`v1=${signature(secret, time, body)}`), Buffer.from(given))
}

function signature(secret: string, time: string, body: string): string {
  return hmacSha256(secret, `${time}.${body}`).toString('hex')
}
