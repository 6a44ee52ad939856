import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Refused } from './http-server.ts'

// How the product and an issuer's gateways sign what they send to each other: docs/sms-gateway.md.

/** How far the signer's clock may differ, in seconds. */
const signatureLife = 5 * 60

/** Returns the JSON body of a signed request, as it was received; refuses one without a valid signature. */
export function signedBody(request: FastifyRequest, secret: string, now: Date): string {
  const body = String(request.body)
  const time = String(request.headers['x-signature-time'] ?? '')
  const isSigned = same(String(request.headers['x-signature'] ?? ''), signature(secret, time, body))
  if (!isSigned || Math.abs(secondsOf(now) - Number(time)) > signatureLife)
    throw new Refused(401, 'The signature is missing, wrong or old.')
  return body
}

/** The headers that sign a body. */
export function signatureHeaders(body: string, secret: string, now: Date): Record<string, string> {
  const time = String(secondsOf(now))
  return { 'x-signature-time': time, 'x-signature': signature(secret, time, body) }
}

function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}

function signature(secret: string, time: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`
}

function same(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
