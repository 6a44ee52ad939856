import { now } from '../../platform/clock.ts'
import { hmacSha256, sameBytes } from '../../platform/crypto.ts'
import { gotNoAnswer, type OutboundAnswer, post } from '../../platform/outbound.ts'
import type { HandedOver } from '../handed-over.ts'

// How an issuer's own gateways and SafeKey sign what they send to each other: docs/sms-gateway.md.

/** A gateway of the issuer, and the secret that it shares with us. */
export interface SharedGateway {
  readonly url: string
  readonly secret: string
  /** The name of the secret, if the gateway knows several. */
  readonly keyId?: string
}

const timeHeader = 'x-signature-time'
const signatureHeader = 'x-signature'
const keyHeader = 'x-signature-key'

/** How far the signer's clock may differ from ours, in milliseconds. */
const signatureLife = 5 * 60 * 1000

/**
 * Statuses after which a message is not tried again, because the gateway cannot send it. Any other failure may be
 * temporary.
 */
const final = new Set([400, 404, 410, 413, 422])

/**
 * Hands a message to the gateway of that name, as signed JSON. Its `id` is the same at each try. `timeout`:
 * milliseconds. Never throws.
 */
export async function handOverSigned(
  gateway: string,
  shared: SharedGateway,
  message: { readonly id: string },
  timeout: number,
): Promise<HandedOver> {
  const answer = await postSigned(shared, message, timeout)
  if (answer.kind !== 'answered') return { kind: 'later', why: answer.why, silent: gotNoAnswer(answer) }
  // 409: the gateway already has this message, from an attempt whose response was lost.
  if ((answer.status >= 200 && answer.status < 300) || answer.status === 409) {
    return { kind: 'handed-over', gateway, gatewayRef: message.id }
  }
  return { kind: final.has(answer.status) ? 'never' : 'later', why: String(answer.status) }
}

/** Posts a message as signed JSON to a service of the issuer. `timeout`: milliseconds. Never throws. */
export function postSigned(
  { url, secret, keyId }: SharedGateway,
  message: object,
  timeout: number,
): Promise<OutboundAnswer> {
  const body = JSON.stringify(message)
  return post({
    url,
    hosts: [new URL(url).host],
    ours: true,
    body,
    contentType: 'application/json; charset=utf-8',
    headers: { ...signed(secret, body, now()), ...(keyId !== undefined && { [keyHeader]: keyId }) },
    timeout,
  })
}

/** The headers that prove who sent a body and when. */
function signed(secret: string, body: string, at: number): Record<string, string> {
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
